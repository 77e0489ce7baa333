using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Deployster.Testing;

namespace Deployster.Benchmarks;

/// <summary>
/// Requests a second, 99th percentile and processor time through the gateway beside HAProxy, in front of the same two containers.
/// </summary>
internal static partial class GatewayBenchmark
{
    private const int Connections = 64;
    private const int Seconds = 10;
    private const int Rounds = 3;

    public static async Task<int> RunAsync()
    {
        await using var engine = new TestEngine();
        var service = engine.NewService("bench");
        await LoadImage.BuildAsync(engine, service, "one");
        var gateway = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", $"-gateway-listen={gateway}");
        await deployster.Api.DeployAsync(service, new { Version = "one", InstanceCount = 2, HealthCheck = new { Path = "/health" } });
        await deployster.Api.WaitForEndAsync(service, "one");
        var units = (await deployster.Api.GetAsync($"/v1/services/{service}/units")).GetProperty("units").EnumerateArray()
            .Select(unit => unit.GetProperty("endpoint").GetString()!)
            .ToList();

        using var haproxy = HaProxy.Start(units);
        using var deploysterProcess = Process.GetProcessById(deployster.Id);
        var (throughGateway, throughHaProxy) = (new List<Result>(), new List<Result>());
        for (var round = -1; round < Rounds; round++)
        {
            var results = (
                await MeasureAsync("gateway", gateway, $"{service}.localhost", deploysterProcess),
                await MeasureAsync("haproxy", haproxy.Address, $"{service}.localhost", haproxy.Process));
            if (round >= 0)
            {
                throughGateway.Add(results.Item1);
                throughHaProxy.Add(results.Item2);
            }
        }

        var (ours, theirs) = (Median(throughGateway), Median(throughHaProxy));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Connections} connections, medians of {Rounds} rounds of {Seconds} s, {Environment.ProcessorCount} processors for all:
            gateway {ours}
            haproxy {theirs}
            ratio {ours.PerSecond / theirs.PerSecond:0.00}
            """));
        return 0;
    }

    private static async Task<Result> MeasureAsync(string name, IPEndPoint address, string host, Process proxy)
    {
        proxy.Refresh();
        var (user, kernel) = (proxy.UserProcessorTime, proxy.PrivilegedProcessorTime);
        using var wrk = Process.Start(new ProcessStartInfo(
            "wrk", ["-t2", $"-c{Connections}", $"-d{Seconds}s", "--latency", "--timeout", "30s", "-H", $"Host: {host}", $"http://{address}/"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (wrk.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{name}: {output}");
        }

        proxy.Refresh();
        var requests = double.Parse(Requests().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        var p99 = NinetyNinth().Match(output);
        var result = new Result(
            double.Parse(PerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(p99.Groups[1].Value, CultureInfo.InvariantCulture) * p99.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 },
            (proxy.UserProcessorTime - user).TotalMicroseconds / requests,
            (proxy.PrivilegedProcessorTime - kernel).TotalMicroseconds / requests);
        Console.WriteLine($"{name}: {result}");
        return result;
    }

    private static Result Median(List<Result> results)
    {
        double Of(Func<Result, double> figure) => Measure.Median([.. results.Select(figure)]);
        return new Result(Of(result => result.PerSecond), Of(result => result.P99), Of(result => result.User), Of(result => result.Kernel));
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"99%\s+([0-9.]+)(us|ms|s)")]
    private static partial Regex NinetyNinth();

    /// <param name="PerSecond">Requests a second.</param>
    /// <param name="P99">The 99th percentile, in milliseconds.</param>
    /// <param name="User">The proxy's own processor time for a request, in microseconds.</param>
    /// <param name="Kernel">The kernel's for it, likewise.</param>
    private sealed record Result(double PerSecond, double P99, double User, double Kernel)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{PerSecond:0} requests/s, p99 {P99:0.0} ms, processor time for a request {User:0} µs of its own and {Kernel:0} µs of the kernel");
    }
}
