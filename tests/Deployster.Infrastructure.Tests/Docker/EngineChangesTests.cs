using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class EngineChangesTests
{
    [Test]
    public async Task Watch_WhenAUnitStartsAndEnds_TellsOfIt()
    {
        await using var scene = new DockerScene();
        await using var changes = scene.Port.WatchAsync(CancellationToken.None)
            .Where(name => name.DeployId == scene.DeployId).GetAsyncEnumerator();
        var next = NextAsync(changes);
        var unit = await scene.LaunchAsync(SampleImage.Good);
        (await next).Should().Be(unit);
        var running = await scene.WaitForAsync(Phase.Running);

        await scene.Engine.ExecuteAsync((await scene.InspectAsync()).ID, "/bin/kill", "1");

        await WaitFor.TrueAsync(
            async () => await NextAsync(changes) == unit && (await scene.FindAsync())!.Run != running.Run, "it tells until it runs again");
    }

    [Test]
    public async Task Watch_WhenTheStreamBreaksOrIsNoJson_GoesOnAMomentLater()
    {
        await using var proxy = new EngineProxy();
        var broken = 0;
        proxy.Answer = request => !request.Contains("/events", StringComparison.Ordinal) ? null
            : Interlocked.Increment(ref broken) switch
            {
                1 => (200, "<html>no engine</html>\n"),
                2 => (500, "oops"),
                3 => (200, "[]\n"),
                4 => (200, """{"Actor":{"ID":"1","Attributes":{"a":"1","a":"2"}}}""" + "\n"),
                5 => (200, """{"Actor":{"ID":"\ud800"}}""" + "\n"),
                _ => null,
            };
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri));
        await using var changes = scene.Port.WatchAsync(CancellationToken.None)
            .Where(name => name.DeployId == scene.DeployId).GetAsyncEnumerator();
        var next = NextAsync(changes);
        await WaitFor.TrueAsync(() => broken > 5, "it is tried again");

        var unit = await scene.LaunchAsync(SampleImage.Good);

        (await next).Should().Be(unit);
    }

    private static async Task<UnitName> NextAsync(IAsyncEnumerator<UnitName> changes)
    {
        (await changes.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60))).Should().BeTrue();
        return changes.Current;
    }
}
