using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>The engine's events, of units' containers alone.</summary>
internal static class UnitEvents
{
    // Whatever may change what a reading shows. A container's probes are events as well, and there are many.
    private static readonly string[] s_events =
        ["create", "start", "restart", "die", "stop", "kill", "oom", "destroy", "pause", "unpause", "update", "health_status"];

    /// <summary>The units to which something happens, until the engine stops telling.</summary>
    /// <exception cref="FleetUnavailableException">The engine does not answer, or has stopped telling.</exception>
    public static async IAsyncEnumerable<UnitName> WatchAsync(
        DockerEngine engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changes = Channel.CreateUnbounded<UnitName>();
        var watching = ListenAsync(engine, changes.Writer, end.Token);
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

    private static async Task ListenAsync(DockerEngine engine, ChannelWriter<UnitName> changes, CancellationToken cancellationToken)
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
        catch (OperationCanceledException e)
        {
            changes.Complete(e);
        }
        catch (Exception e)
        {
            // Whatever it was, such as an answer that is no JSON: the caller begins again.
            changes.Complete(e as FleetUnavailableException
                ?? new FleetUnavailableException(engine.Address, e is DockerApiException answer ? EngineMessage.Of(answer) : e.Message, e));
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
