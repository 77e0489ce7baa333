using System.Globalization;
using System.Net.Http.Json;
using Deployster.Testing;

namespace Deployster.Benchmarks;

/// <summary>
/// How much memory the published build has resident, on an engine and with the gateway on: at rest, and after many deploys
/// and tasks.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Steps = 5;
    private const int OfEach = 200;
    private const int AtOnce = 4;

    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync()
    {
        await using var engine = new TestEngine();
        var services = Enumerable.Range(0, AtOnce).Select(_ => engine.NewService("bench")).ToList();
        foreach (var service in services)
        {
            await engine.BuildAsync(SampleImage.Good, service, "v1");
        }

        using var deployster = await PublishedApp.PublishAsync("src/Deployster.Api", "deployster");
        var data = Directory.CreateTempSubdirectory("deployster-");
        using var api = PublishedApp.CreateClient();
        await deployster.StartAsync(api, [.. PublishedApp.DeploysterOptions(api.Http.BaseAddress!, "memory", data), "-drain-timeout=0"]);
        await TellAsync("at rest");
        for (var step = 1; step <= Steps; step++)
        {
            await Task.WhenAll(services.Select(service => WorkAsync(api, service, OfEach / AtOnce)));
            await TellAsync($"after {step * OfEach} deploys and {step * OfEach} tasks");
        }

        await deployster.StopAsync();
        data.Delete(recursive: true);
        return 0;

        async Task TellAsync(string when)
        {
            await Task.Delay(s_rest);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident memory {when}: {ResidentMemory.Of(deployster.ProcessId) / 1048576.0:0} MiB"));
        }
    }

    private static async Task WorkAsync(DeploysterClient api, string service, int count)
    {
        for (var number = 0; number < count; number++)
        {
            await api.DeployAsync(service, new { Version = "v1", DestroyPrevious = true });
            var ended = await api.WaitForEndAsync(service, "v1");
            if (ended.GetProperty("status").GetString() != "succeeded")
            {
                throw new InvalidOperationException($"{ended}");
            }

            using var task = await api.Http.PostAsJsonAsync($"/v1/services/{service}/tasks", new { task = new { version = "v1", command = new[] { "sh", "-c", "echo done" } } });
            var output = await task.Content.ReadAsStringAsync();
            if (!task.IsSuccessStatusCode)
            {
                throw new InvalidOperationException(output);
            }
        }
    }
}
