using System.Globalization;
using System.Net;
using Deployster.Testing;

namespace Deployster.Benchmarks.Front;

/// <summary>
/// The gateway beside HAProxy, nginx and Caddy of Debian, in front of the same two containers: requests a second, 99th
/// percentile and processor time, for several kinds of load, one proxy after the other.
/// </summary>
internal static class FrontBenchmark
{
    private const int Rounds = 3;

    // .NET compiles what is used often once more while it is used, which takes as long as this on busy processors.
    private const int WarmUpRounds = 5;

    // Without it, units that wait for their next request take the processors from all others, by asking for it in a loop.
    private static readonly Dictionary<string, string> s_calmUnits = new() { ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0" };

    private static readonly IReadOnlyList<(string Name, Func<Front, Task<FrontResult>> RunAsync)> s_kinds =
    [
        ("small answer", front => MeasureAsync(front, isHttps: false, "/")),
        ("100 KiB answer", front => MeasureAsync(front, isHttps: false, "/large")),
        ("TLS, kept connections", front => MeasureAsync(front, isHttps: true, "/")),
        ("TLS, a new connection each", front => MeasureAsync(front, isHttps: true, "/", isNewEach: true)),
        ("1,000 WebSockets", MeasureSocketsAsync),
    ];

    public static async Task<int> RunAsync()
    {
        await using var engine = new TestEngine();
        using var certificate = new CertificateFile("localhost");
        var service = engine.NewService("bench");
        await LoadImage.BuildAsync(engine, service, "one");
        var (http, https) = (new IPEndPoint(IPAddress.Loopback, FreePort.Find()), new IPEndPoint(IPAddress.Loopback, FreePort.Find()));
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", $"-gateway-listen={http}",
            $"-gateway-https-listen={https}", $"-gateway-cert={certificate.Cert}", $"-gateway-key={certificate.Key}", "-gateway-redirect=false");
        await deployster.Api.DeployAsync(
            service, new { Version = "one", InstanceCount = 2, HealthCheck = new { Path = "/health" }, Env = s_calmUnits });
        await deployster.Api.WaitForEndAsync(service, "one");
        var units = (await deployster.Api.GetAsync($"/v1/services/{service}/units")).GetProperty("units").EnumerateArray()
            .Select(unit => unit.GetProperty("endpoint").GetString()!)
            .ToList();
        using var haproxy = Proxy.HaProxy(units, certificate);
        using var nginx = Proxy.Nginx(units, certificate);
        using var caddy = Proxy.Caddy(units, certificate);
        var host = $"{service}.localhost";
        Front[] fronts =
        [
            new("gateway", http, https, host, deployster.Id),
            .. new[] { haproxy, nginx, caddy }.Select(proxy => new Front(proxy.Name, proxy.Http, proxy.Https, host, proxy.ProcessId)),
        ];
        Console.WriteLine($"64 connections, medians of {Rounds} rounds of 8 s, {Environment.ProcessorCount} processors for all, units at {string.Join(" and ", units)}");
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await MeasureAsync(fronts[0], isHttps: false, "/");
        }

        foreach (var (name, runAsync) in s_kinds)
        {
            var results = fronts.ToDictionary(front => front, _ => new List<FrontResult>());
            for (var round = -1; round < Rounds; round++)
            {
                foreach (var front in fronts)
                {
                    var result = await runAsync(front);
                    if (round >= 0)
                    {
                        results[front].Add(result);
                    }
                }
            }

            Print(name, fronts, results);
        }

        return 0;
    }

    private static void Print(string name, IReadOnlyList<Front> fronts, Dictionary<Front, List<FrontResult>> results)
    {
        Console.WriteLine($"{name}:");
        var ours = FrontResult.Median(results[fronts[0]]);
        foreach (var front in fronts)
        {
            var median = FrontResult.Median(results[front]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {front.Name,-8}{median}; the gateway's ratio {ours.PerSecond / median.PerSecond:0.00}, processor time {(ours.User + ours.Kernel) / (median.User + median.Kernel):0.00}"));
        }
    }

    private static async Task<FrontResult> MeasureAsync(Front front, bool isHttps, string path, bool isNewEach = false)
    {
        var before = ProcessorTime.Of(front.ProcessId);
        var (perSecond, p99, requests) = await Wrk.RunAsync(isHttps ? front.Https : front.Http, isHttps, front.Host, path, isNewEach);
        var used = ProcessorTime.Of(front.ProcessId) - before;
        return new FrontResult(perSecond, p99, used.User.TotalMicroseconds / requests, used.Kernel.TotalMicroseconds / requests);
    }

    private static async Task<FrontResult> MeasureSocketsAsync(Front front)
    {
        var before = default(ProcessorTime);
        var (perSecond, p99, messages) = await Sockets.RunAsync(front.Http, front.Host, () => before = ProcessorTime.Of(front.ProcessId));
        var used = ProcessorTime.Of(front.ProcessId) - before;
        return new FrontResult(perSecond, p99, used.User.TotalMicroseconds / messages, used.Kernel.TotalMicroseconds / messages);
    }

    private sealed record Front(string Name, IPEndPoint Http, IPEndPoint Https, string Host, int ProcessId);
}
