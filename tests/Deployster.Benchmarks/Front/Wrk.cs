using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Deployster.Benchmarks.Front;

/// <summary>Load by wrk, of Debian.</summary>
internal static partial class Wrk
{
    private const int Connections = 64;
    private const int Seconds = 8;

    /// <summary>Asks for a path as often as it can.</summary>
    public static async Task<(double PerSecond, double P99, double Requests)> RunAsync(IPEndPoint address, bool isHttps, string host, string path, bool isNewEach)
    {
        string[] arguments =
        [
            "-t2", $"-c{Connections}", $"-d{Seconds}s", "--latency", "--timeout", "30s", "-H", $"Host: {host}",
            .. isNewEach ? new[] { "-H", "Connection: close" } : [],
            $"{(isHttps ? "https" : "http")}://{address}{path}",
        ];
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (wrk.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(output);
        }

        var p99 = NinetyNinth().Match(output);
        return (
            double.Parse(PerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(p99.Groups[1].Value, CultureInfo.InvariantCulture) * p99.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 },
            double.Parse(Requests().Match(output).Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"99%\s+([0-9.]+)(us|ms|s)")]
    private static partial Regex NinetyNinth();
}
