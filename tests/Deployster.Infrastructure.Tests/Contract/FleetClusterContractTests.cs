using System.Net.Http.Json;
using System.Text.Json;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.FleetStandIn;
using Deployster.Infrastructure.Fleet;
using Deployster.Infrastructure.Tests.Fleet;
using Microsoft.Extensions.DependencyInjection;

namespace Deployster.Infrastructure.Tests.Contract;

public sealed class FleetClusterContractTests : FleetContract
{
    protected override async Task<FleetUnderTest> StartAsync() => new Cluster(await FleetServer.StartAsync(new FleetServerOptions
    {
        Behavior = unit => unit.Options.Any(option => option.Value.Contains("fails", StringComparison.Ordinal))
            ? UnitBehavior.FailsAtOnce
            : UnitBehavior.Healthy,
    }));

    private sealed class Cluster : FleetUnderTest
    {
        // Fleet takes no peers for a global unit, which the command makes of it here.
        private static readonly UnitTemplate s_template =
            UnitTemplate.Parse("[Service]\nExecStart=/usr/bin/docker run {{image}}\n[X-Fleet]\nMachineOf=a.service\nGlobal={{command}}");

        private readonly FleetServer _server;
        private readonly HttpClient _client;
        private readonly ServiceProvider[] _services;

        public Cluster(FleetServer server)
        {
            _server = server;
            _client = server.CreateClient();
            _services = [Connect(server.Address), Connect(server.Address), Connect(new Uri("unix:///nowhere/fleet.sock"))];
        }

        public override IFleetClient Port => _services[0].GetRequiredService<IFleetClient>();

        public override IFleetClient Other => _services[1].GetRequiredService<IFleetClient>();

        public override IFleetClient Unreachable => _services[2].GetRequiredService<IFleetClient>();

        public override DeployId DeployId { get; } = Some.Unit().Name.DeployId;

        public override Task<Intention> GoodAsync() => Task.FromResult(Some.Unit().Intention);

        public override Task<Intention> FailingAsync() => Task.FromResult(Some.Unit(image: "mycompany/web:fails").Intention);

        public override Task<Intention?> RefusedAsync() =>
            Task.FromResult<Intention?>(Some.Unit(new() { Command = ["true"] }).Intention);

        public override async Task VanishAsync(UnitName unit) => (await _client.DeleteAsync(PathOf(unit))).EnsureSuccessStatusCode().Dispose();

        // A unit is made in one request. What Fleet itself shows while it carries that out is stopped: see FleetClusterTests.
        public override Task<UnitName?> LeaveHalfMadeAsync() => Task.FromResult<UnitName?>(null);

        public override async Task AddForeignAsync()
        {
            foreach (var name in (string[])["web.service", "web:v1@1.service", "web:v1:2015.03.02-00.31.45@1.timer"])
            {
                using var response = await _client.PutAsJsonAsync(
                    $"/fleet/v1/units/{name}",
                    new { desiredState = "launched", options = new[] { new { section = "Service", name = "ExecStart", value = "/bin/true" } } });
                response.EnsureSuccessStatusCode();
            }
        }

        public override async Task<int> CountAsync() =>
            (await _client.GetFromJsonAsync<JsonElement>("/fleet/v1/units")).TryGetProperty("units", out var units)
                ? units.GetArrayLength()
                : 0;

        public override async Task<IReadOnlyList<UnitOption>> ReadOptionsAsync(UnitName unit) =>
            (await _client.GetFromJsonAsync<JsonElement>(PathOf(unit)))
                .GetProperty("options").Deserialize<List<UnitOption>>(JsonSerializerOptions.Web)!;

        public override async ValueTask DisposeAsync()
        {
            foreach (var services in _services)
            {
                await services.DisposeAsync();
            }

            _client.Dispose();
            await _server.DisposeAsync();
            await base.DisposeAsync();
        }

        private static string PathOf(UnitName unit) => $"/fleet/v1/units/{unit}";

        private static ServiceProvider Connect(Uri address) => new ServiceCollection()
            .AddFleetCluster(new FleetClusterOptions(address)
            {
                UnitTemplate = s_template,
                Timing = new FleetTiming { FirstPause = TimeSpan.FromMilliseconds(5) },
            })
            .BuildServiceProvider();
    }
}
