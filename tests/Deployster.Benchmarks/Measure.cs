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

    /// <summary>How often a second some work ends, where several clients do it again and again.</summary>
    public static async Task<double> CountAsync(int clients, TimeSpan time, Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            var count = 0;
            while (clock.Elapsed < time)
            {
                await work();
                count++;
            }

            return count;
        }));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }
}
