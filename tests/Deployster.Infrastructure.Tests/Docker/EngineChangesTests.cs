using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class EngineChangesTests
{
    [Test]
    public async Task Watch_WhenAUnitStartsAndEnds_TellsOfIt()
    {
        await using var fleet = new DockerFleet();
        await using var services = DockerFleet.Connect(new DockerOptions(new Uri(TestEngine.Endpoint)));
        using var end = new CancellationTokenSource();
        await using var changes = services.GetRequiredService<IFleetChanges>().WatchAsync(end.Token).GetAsyncEnumerator();
        var first = NextOfAsync(changes, fleet.Service);

        var unit = await fleet.LaunchAsync(SampleImage.Good);
        (await first).Should().Be(unit);
        await fleet.WaitForStateAsync(unit, "active/running");
        var next = NextOfAsync(changes, fleet.Service);
        await fleet.Engine.ExecuteAsync((await fleet.InspectAsync()).ID, "/bin/kill", "1");

        (await next).Should().Be(unit);
    }

    [Test]
    public async Task Watch_WhenTheEngineIsAway_SaysSo()
    {
        await using var services = DockerFleet.Connect(new DockerOptions(new Uri("unix:///nowhere.sock")));
        await using var changes = services.GetRequiredService<IFleetChanges>().WatchAsync(CancellationToken.None).GetAsyncEnumerator();

        var watch = async () => await changes.MoveNextAsync();

        await watch.Should().ThrowAsync<FleetUnavailableException>().WithMessage("unix:///nowhere.sock does not answer: *");
    }

    // Other tests make units at the same time.
    private static async Task<UnitName> NextOfAsync(IAsyncEnumerator<UnitName> changes, string service)
    {
        do
        {
            await changes.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        }
        while (changes.Current.Deploy.Service.Value != service);

        return changes.Current;
    }
}
