using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Units;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker;

/// <summary>The engine's events, of units' containers alone.</summary>
internal sealed class EngineChanges(DockerEngine engine) : IFleetChanges
{
    // Whatever may make a unit healthy or not. A container's probes are events as well, and there are many.
    private static readonly string[] s_events = ["start", "die", "destroy", "pause", "unpause", "health_status"];

    public async IAsyncEnumerable<UnitName> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changes = Channel.CreateUnbounded<UnitName>();
        var watching = ListenAsync(changes.Writer, end.Token);
        try
        {
            await foreach (var unit in changes.Reader.ReadAllAsync(cancellationToken))
            {
                yield return unit;
            }
        }
        finally
        {
            await end.CancelAsync();
            await watching;
        }
    }

    private async Task ListenAsync(ChannelWriter<UnitName> changes, CancellationToken cancellationToken)
    {
        var parameters = new ContainerEventsParameters
        {
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["type"] = new Dictionary<string, bool> { ["container"] = true },
                ["label"] = new Dictionary<string, bool> { [ContainerLabels.Unit] = true },
                ["event"] = s_events.ToDictionary(name => name, _ => true),
            },
        };
        try
        {
            await engine.DoAsync(
                (client, token) => client.System.MonitorEventsAsync(parameters, new Listener(changes), token),
                Timeout.InfiniteTimeSpan,
                cancellationToken);
            changes.Complete(new FleetUnavailableException(engine.Address, "it has stopped telling of events"));
        }
        catch (DockerApiException e)
        {
            changes.Complete(new FleetUnavailableException(engine.Address, EngineMessage.Of(e), e));
        }
        catch (Exception e) when (e is FleetUnavailableException or OperationCanceledException)
        {
            changes.Complete(e);
        }
    }

    private sealed class Listener(ChannelWriter<UnitName> changes) : IProgress<Message>
    {
        public void Report(Message value)
        {
            if (ContainerLabels.ReadUnit(value.Actor?.Attributes) is { } unit)
            {
                changes.TryWrite(unit);
            }
        }
    }
}
