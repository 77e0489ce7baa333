using System.Globalization;
using Deployster.Testing;
using static Deployster.Benchmarks.Measure;

namespace Deployster.Benchmarks;

/// <summary>
/// What 20 clients that ask for a service's 300 containers cost the engine while nothing changes, beside 20 that list the
/// engine's containers themselves.
/// </summary>
internal static class EngineUnitsBenchmark
{
    private const int Units = 300;
    private const int Clients = 20;

    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    public static async Task<int> RunAsync()
    {
        await using var engine = new TestEngine();
        await using var proxy = new EngineProxy();
        var service = engine.NewService("bench");
        await engine.BuildAsync(SampleImage.Good, service, "v1");
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={proxy.Uri}", $"-registry-url={TestEngine.Prefix}", "-drain-timeout=0");
        await deployster.Api.DeployAsync(service, new { Version = "v1", InstanceCount = Units, Deadline = (int)s_limit.TotalSeconds });
        var ended = await deployster.Api.WaitForEndAsync(service, "v1", s_limit);
        if (ended.GetProperty("status").GetString() != "succeeded")
        {
            throw new InvalidOperationException($"{ended}");
        }

        using var raw = new HttpClient { BaseAddress = new Uri($"http://{proxy.Address}") };
        await CountAsync(Clients, TimeSpan.FromSeconds(2), () => deployster.Api.Http.GetByteArrayAsync($"/v1/services/{service}/units"));
        await TellAsync("GET units", () => deployster.Api.Http.GetByteArrayAsync($"/v1/services/{service}/units"));
        await TellAsync("listing by hand", () => raw.GetByteArrayAsync("/containers/json?all=1"));
        return 0;

        async Task TellAsync(string what, Func<Task> ask)
        {
            proxy.Requests.Clear();
            var perSecond = await CountAsync(Clients, s_time, ask);
            var asked = proxy.Requests.ToList();
            var inspects = asked.Count(request => request.Contains("/containers/", StringComparison.Ordinal) && request.EndsWith("/json", StringComparison.Ordinal));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Clients} clients, {Units} containers, {what}: {perSecond:0.0} answers a second; the engine was asked for {asked.Count - inspects} lists and {inspects} inspects in {s_time.TotalSeconds:0} s"));
        }
    }
}
