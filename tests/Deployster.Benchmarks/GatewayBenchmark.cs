using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Deployster.Testing;

namespace Deployster.Benchmarks;

/// <summary>Requests a second and 99th percentile through the gateway beside HAProxy, in front of the same two containers.</summary>
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
        var (throughGateway, throughHaProxy) = (new List<Result>(), new List<Result>());
        for (var round = -1; round < Rounds; round++)
        {
            var results = (
                await MeasureAsync("gateway", gateway, $"{service}.localhost"),
                await MeasureAsync("haproxy", haproxy.Address, $"{service}.localhost"));
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
            gateway {ours.PerSecond:0} requests/s, p99 {ours.P99:0.0} ms
            haproxy {theirs.PerSecond:0} requests/s, p99 {theirs.P99:0.0} ms
            ratio {ours.PerSecond / theirs.PerSecond:0.00}
            """));
        return 0;
    }

    private static async Task<Result> MeasureAsync(string name, IPEndPoint address, string host)
    {
        using var wrk = Process.Start(new ProcessStartInfo(
            "wrk", ["-t2", $"-c{Connections}", $"-d{Seconds}s", "--latency", "-H", $"Host: {host}", $"http://{address}/"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (wrk.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{name}: {output}");
        }

        var p99 = NinetyNinth().Match(output);
        var result = new Result(
            double.Parse(PerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(p99.Groups[1].Value, CultureInfo.InvariantCulture) * p99.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {result.PerSecond:0} requests/s, p99 {result.P99:0.0} ms"));
        return result;
    }

    private static Result Median(List<Result> results) =>
        new(results.Select(result => result.PerSecond).Order().ElementAt(results.Count / 2), results.Select(result => result.P99).Order().ElementAt(results.Count / 2));

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"99%\s+([0-9.]+)(us|ms|s)")]
    private static partial Regex NinetyNinth();

    /// <param name="PerSecond">Requests a second.</param>
    /// <param name="P99">The 99th percentile, in milliseconds.</param>
    private sealed record Result(double PerSecond, double P99);
}
