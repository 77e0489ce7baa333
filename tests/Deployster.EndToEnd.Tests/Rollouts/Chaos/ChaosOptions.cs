using System.Globalization;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>
/// What a person may set: <c>DEPLOYSTER_CHAOS</c> for another number of faults, at moments that nobody has tried yet, and
/// <c>DEPLOYSTER_CHAOS_SEED</c> to have the same again. Without them the moments are always the same.
/// </summary>
/// <param name="Seed">What all choices follow from.</param>
/// <param name="Faults">How many faults there are at least.</param>
internal sealed record ChaosOptions(int Seed, int Faults)
{
    private const int UsualSeed = 20;
    private const int UsualFaults = 8;

    public static ChaosOptions Read()
    {
        var faults = Read("DEPLOYSTER_CHAOS");
        var seed = Read("DEPLOYSTER_CHAOS_SEED") ?? (faults is null ? UsualSeed : Random.Shared.Next(1_000_000));
        return new ChaosOptions(seed, faults ?? UsualFaults);
    }

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
