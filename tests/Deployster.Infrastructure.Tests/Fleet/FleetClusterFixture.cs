using Deployster.Application.Fleet;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.FleetStandIn;
using Deployster.Infrastructure.Fleet;
using Deployster.Testing;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

/// <summary>A Fleet cluster for each test, and the adapter that speaks to it.</summary>
public abstract class FleetClusterFixture
{
    /// <summary>As patient as for real, but for shorter.</summary>
    private protected static readonly FleetTiming Timing = new()
    {
        Attempt = TimeSpan.FromMilliseconds(500),
        Request = TimeSpan.FromSeconds(2),
        FirstPause = TimeSpan.FromMilliseconds(5),
        Rest = TimeSpan.FromMilliseconds(500),
    };

    private ServiceProvider _services = null!;

    private protected FleetServer Server { get; private set; } = null!;

    private protected IFleetClient Fleet { get; private set; } = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        Server = await FleetServer.StartAsync(new FleetServerOptions());
        _services = Connect(Server.Address);
        Fleet = _services.GetRequiredService<IFleetClient>();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }

    private protected static ServiceProvider Connect(Uri address, FleetTiming? timing = null) => new ServiceCollection()
        .AddFleetCluster(new FleetClusterOptions(address) { Timing = timing ?? Timing })
        .BuildServiceProvider();

    /// <summary>What the deploy of <see cref="Some"/> shall be, as seen from nothing.</summary>
    private protected static DeployTarget Target(int units, int? running = null, DeploySpec? spec = null) =>
        new(Some.Unit().Name.DeployId, units, running ?? units) { Intention = Some.Unit(spec).Intention };

    /// <summary>Makes the deploy so from what is there now.</summary>
    private protected async Task ApplyAsync(DeployTarget target) =>
        await Fleet.ApplyAsync(target with { Seen = [.. await Fleet.ReadAsync(default)] }, default);

    private protected Task<IReadOnlyList<Unit>> UntilAsync(Func<IReadOnlyList<Unit>, bool> condition, string what) =>
        WaitFor.ValueAsync(() => Fleet.ReadAsync(default), condition, what);

    private protected static Task UntilItSucceedsAsync(Func<Task> act) => WaitFor.TrueAsync(
        async () =>
        {
            try
            {
                await act();
                return true;
            }
            catch (FleetUnavailableException)
            {
                return false;
            }
        },
        "the fleet does as it is asked");
}
