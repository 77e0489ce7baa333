using System.Diagnostics;

namespace Deployster.Benchmarks;

/// <summary>What each benchmark does to measure.</summary>
internal static class Measure
{
    /// <summary>How long some work takes, in milliseconds.</summary>
    public static async Task<double> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>The value in the middle.</summary>
    public static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}
