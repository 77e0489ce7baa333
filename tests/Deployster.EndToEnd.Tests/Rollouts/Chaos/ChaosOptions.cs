using System.Globalization;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>What a person may set: <c>DEPLOYSTER_CHAOS_SEED</c> to have the same again, <c>DEPLOYSTER_CHAOS</c> for more faults.</summary>
/// <param name="Seed">What all choices follow from.</param>
/// <param name="Faults">How many faults there are at least.</param>
internal sealed record ChaosOptions(int Seed, int Faults)
{
    public static ChaosOptions Read() => new(
        Read("DEPLOYSTER_CHAOS_SEED", Random.Shared.Next(1_000_000)), Read("DEPLOYSTER_CHAOS", 8));

    private static int Read(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
