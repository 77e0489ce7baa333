using System.Globalization;

namespace Deployster.Benchmarks.Front;

/// <summary>What was measured of a proxy in one round.</summary>
/// <param name="PerSecond">Requests, or messages, a second.</param>
/// <param name="P99">The 99th percentile, in milliseconds.</param>
/// <param name="User">The proxy's own processor time for each, in microseconds.</param>
/// <param name="Kernel">The kernel's for it, likewise.</param>
internal sealed record FrontResult(double PerSecond, double P99, double User, double Kernel)
{
    /// <summary>The medians of several rounds.</summary>
    public static FrontResult Median(IReadOnlyList<FrontResult> results)
    {
        double Of(Func<FrontResult, double> figure) => Measure.Median([.. results.Select(figure)]);
        return new FrontResult(Of(result => result.PerSecond), Of(result => result.P99), Of(result => result.User), Of(result => result.Kernel));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{PerSecond,7:0}/s, p99 {P99,6:0.0} ms, processor time for each {User,4:0} µs of its own and {Kernel,4:0} µs of the kernel");
}
