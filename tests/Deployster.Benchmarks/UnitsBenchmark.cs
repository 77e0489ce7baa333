using System.Globalization;
using System.Text.Json.Nodes;
using Deployster.FleetStandIn;
using Deployster.Testing;
using static Deployster.Benchmarks.Measure;

namespace Deployster.Benchmarks;

/// <summary>What a list of 1,000 units takes beside reading the same from the fleet page by page, for one client and for 32.</summary>
internal static class UnitsBenchmark
{
    private const int Units = 1000;
    private const int Rounds = 60;
    private const int Clients = 32;

    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync()
    {
        await using var fleet = await FleetServer.StartAsync(new FleetServerOptions());
        await using var deployster = await DeploysterProcess.StartAsync($"-fleet={fleet.Address}");
        using var raw = fleet.CreateClient();
        await deployster.Api.DeployAsync("bench", new { Version = "v1", InstanceCount = Units });
        await deployster.Api.WaitForEndAsync("bench", "v1", TimeSpan.FromMinutes(2));
        var api = deployster.Api.Http;

        var (ours, pages) = (new List<double>(), new List<double>());
        for (var round = -5; round < Rounds; round++)
        {
            var (own, paged) = (await TimeAsync(() => ListAsync(api)), await TimeAsync(() => PageAsync(raw)));
            if (round >= 0)
            {
                ours.Add(own);
                pages.Add(paged);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"one client: GET units of {Units} takes {Median(ours):0.0} ms, paging {Median(pages):0.0} ms (medians of {Rounds} rounds): ratio {Median(ours) / Median(pages):0.00}"));
        var (perSecond, paging) = (await CountAsync(Clients, s_time, () => ListAsync(api)), await CountAsync(Clients, s_time, () => PageAsync(raw)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Clients} clients: {perSecond:0.0} lists a second, by paging {paging:0.0}: ratio {perSecond / paging:0.00}"));
        return 0;
    }

    private static async Task ListAsync(HttpClient client) => await client.GetByteArrayAsync("/v1/services/bench/units");

    private static async Task PageAsync(HttpClient client) => await Task.WhenAll(PageAsync(client, "units"), PageAsync(client, "state"));

    private static async Task PageAsync(HttpClient client, string what)
    {
        for (string? token = null; ;)
        {
            var page = JsonNode.Parse(await client.GetStringAsync($"/fleet/v1/{what}{(token is null ? "" : $"?nextPageToken={token}")}"))!;
            token = page["nextPageToken"]?.GetValue<string>();
            if (string.IsNullOrEmpty(token))
            {
                return;
            }
        }
    }
}
