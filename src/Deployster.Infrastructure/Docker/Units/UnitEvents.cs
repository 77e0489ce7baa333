using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>The events of units' containers: which of them have changed, for those who wait and for those who remember.</summary>
internal sealed class UnitEvents(EngineEvents events, DockerOptions options, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    // A container's probes are events as well, and there are many: those are left out.
    private static readonly Dictionary<string, string[]> s_filters = new()
    {
        ["type"] = ["container"],
        ["label"] = [ContainerLabels.Unit],
        ["event"] =
        [
            "create", "start", "die", "stop", "kill", "pause", "unpause", "update", "rename", "oom", "destroy", "health_status",
        ],
    };

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, long> _changes = new();
    private readonly HashSet<ChannelWriter<UnitName>> _watchers = [];
    private Task? _work;
    private long _connections;
    private volatile bool _isConnected;

    /// <summary>Begins to listen, unless it does already.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _work ??= Task.Run(() => ListenAsync(_end.Token));
        }
    }

    /// <summary>
    /// A mark of what is known of a container by now: as long as it stays the same, nothing has happened to it. Null while
    /// the engine does not tell of its events.
    /// </summary>
    public (long Connection, long Change)? MarkOf(string id) =>
        _isConnected ? (Interlocked.Read(ref _connections), _changes.GetValueOrDefault(id)) : null;

    /// <summary>Takes note that a container has changed.</summary>
    public void Touch(string id) => _changes.AddOrUpdate(id, 1, (_, changes) => changes + 1);

    /// <summary>The units to which something happens, from now on.</summary>
    public async IAsyncEnumerable<UnitName> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = Channel.CreateUnbounded<UnitName>();
        lock (_lock)
        {
            _watchers.Add(changes.Writer);
        }

        Start();
        try
        {
            await foreach (var unit in changes.Reader.ReadAllAsync(cancellationToken))
            {
                yield return unit;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(changes.Writer);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await (_work ?? Task.CompletedTask);
        _end.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await events.ListenAsync(s_filters, OnConnected, OnEvent, cancellationToken);
            }
            catch (Exception)
            {
                // Readings say what is wrong with the engine. Whatever it has told, here it is tried again.
            }

            _isConnected = false;
            await Task.Delay(s_pause, time, cancellationToken).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void OnConnected()
    {
        Interlocked.Increment(ref _connections);
        _isConnected = true;
    }

    private void OnEvent(EngineEvent change)
    {
        if (ContainerLabels.ReadUnit(change.Attributes, options.Scope) is not { } unit)
        {
            return;
        }

        Touch(change.Id);
        if (change.Action == "destroy")
        {
            _changes.TryRemove(change.Id, out _);
        }

        lock (_lock)
        {
            foreach (var watcher in _watchers)
            {
                watcher.TryWrite(unit);
            }
        }
    }
}
