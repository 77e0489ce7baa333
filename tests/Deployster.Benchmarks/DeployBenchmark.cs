using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployster.FleetStandIn;
using Deployster.Testing;
using static Deployster.Benchmarks.Measure;

namespace Deployster.Benchmarks;

/// <summary>
/// What a deploy of 50 instances takes beside 50 concurrent PUTs of the same units over the same socket,
/// for several times that Fleet may take for a PUT (it writes to etcd, which writes to a disk).
/// </summary>
internal static class DeployBenchmark
{
    private const int Instances = 50;
    private const int Rounds = 15;

    public static async Task<int> RunAsync()
    {
        foreach (var latency in (int[])[15, 5, 0])
        {
            await MeasureAsync(TimeSpan.FromMilliseconds(latency));
        }

        return 0;
    }

    private static async Task MeasureAsync(TimeSpan latency)
    {
        await using var fleet = await FleetServer.StartAsync(new FleetServerOptions());
        await using var deployster = await DeploysterProcess.StartAsync($"-fleet={fleet.Address}");
        using var plain = fleet.CreateClient();
        var bodies = await ReadUnitsAsync(fleet, deployster, plain);
        fleet.Faults = new Faults { Only = RequestKind.PutUnit, Latency = latency };

        var deploys = new List<double>();
        var puts = new List<double>();
        for (var round = -5; round < Rounds; round++)
        {
            var deploy = await TimeAsync(() => deployster.Api.DeployAsync("bench", new { Version = $"r{round + 5}", InstanceCount = Instances }));
            await deployster.Api.WaitForEndAsync("bench", $"r{round + 5}");
            fleet.Clear();
            var put = await TimeAsync(() => Task.WhenAll(bodies.Select(unit => PutAsync(plain, unit.Name, unit.Body))));
            fleet.Clear();
            if (round >= 0)
            {
                deploys.Add(deploy);
                puts.Add(put);
            }
        }

        var (ofDeploys, ofPuts) = (Median(deploys), Median(puts));
        Console.WriteLine(
            $"PUT latency {latency.TotalMilliseconds:0} ms: a deploy of {Instances} takes {ofDeploys:0.0} ms, {Instances} plain PUTs take {ofPuts:0.0} ms (medians of {Rounds} rounds): ratio {ofDeploys / ofPuts:0.00}");
    }

    private static async Task<IReadOnlyList<(string Name, string Body)>> ReadUnitsAsync(
        FleetServer fleet, DeploysterProcess deployster, HttpClient plain)
    {
        await deployster.Api.DeployAsync("bench", new { Version = "plain", InstanceCount = Instances });
        await deployster.Api.WaitForEndAsync("bench", "plain");
        var units = JsonNode.Parse(await plain.GetStringAsync("/fleet/v1/units"))!["units"]!.AsArray();
        fleet.Clear();
        return
        [
            .. units.Select(unit => (
                unit!["name"]!.GetValue<string>(),
                JsonSerializer.Serialize(new { desiredState = "launched", options = unit["options"] }))),
        ];
    }

    private static async Task PutAsync(HttpClient client, string name, string body)
    {
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await client.PutAsync($"/fleet/v1/units/{name}", content);
        response.EnsureSuccessStatusCode();
    }
}
