using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Deployster.Domain.Tests;

/// <summary>
/// Checks properties over many generated cases: always the same ones, so that a failure is that of a change.
/// <c>DEPLOYSTER_CASES</c> is a number of new ones, to search for what nobody has found yet.
/// </summary>
internal static class Properties
{
    private static readonly Replay s_always = new(new Rnd(1425256305, 7), FSharpOption<int>.None);

    public static void Check<T>(Gen<T> cases, Action<T> property) =>
        FsCheck.Check.One(ReadConfig(), Prop.ForAll(cases.ToArbitrary(), property));

    private static Config ReadConfig() =>
        Environment.GetEnvironmentVariable("DEPLOYSTER_CASES") is { Length: > 0 } count
            ? Config.QuickThrowOnFailure.WithMaxTest(int.Parse(count, CultureInfo.InvariantCulture))
            : Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(s_always);
}
