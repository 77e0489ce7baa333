using FsCheck;
using FsCheck.Fluent;

namespace Deployster.Domain.Tests;

/// <summary>Checks properties over many generated cases.</summary>
internal static class Properties
{
    private const int Cases = 1000;

    public static void Check<T>(Gen<T> cases, Action<T> property) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), Prop.ForAll(cases.ToArbitrary(), property));
}
