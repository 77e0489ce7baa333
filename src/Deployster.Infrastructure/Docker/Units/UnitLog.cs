using Deployster.Application.Errors;
using Deployster.Application.Output;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// What a unit writes. The engine ends its stream when the container stops. When it runs again reading goes on where it
/// ended, until the container is removed.
/// </summary>
internal sealed class UnitLog(
    DockerEngine engine,
    LogEntries logs,
    TimeProvider time,
    string container,
    bool follow,
    IReadOnlyList<LogEntry> first,
    LogPlace? place,
    Stream? open) : IOutputReader
{
    private static readonly TimeSpan s_shortPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longPause = TimeSpan.FromSeconds(2);

    private readonly Queue<LogEntry> _first = new(first);
    private LogPlace _place = place ?? LogPlace.Start;
    private Stream? _open = open;
    private (OutputSource Source, ReadOnlyMemory<byte> Bytes) _rest;
    private int _seen;
    private bool _hasEnded;

    public async ValueTask<(OutputSource Source, int Count)?> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_rest.Bytes.IsEmpty)
        {
            if (await NextAsync(cancellationToken) is not { } entry)
            {
                return null;
            }

            _rest = (entry.Source, entry.Bytes);
        }

        var count = Math.Min(buffer.Length, _rest.Bytes.Length);
        _rest.Bytes[..count].CopyTo(buffer);
        _rest.Bytes = _rest.Bytes[count..];
        return (_rest.Source, count);
    }

    public void Dispose() => _open?.Dispose();

    private async Task<LogEntry?> NextAsync(CancellationToken cancellationToken)
    {
        if (_first.TryDequeue(out var known))
        {
            return known;
        }

        while (_open is not null || (follow && await ReopenAsync(cancellationToken)))
        {
            if (await ReadNewAsync(cancellationToken) is { } entry)
            {
                return entry;
            }

            _open!.Dispose();
            (_open, _hasEnded) = (null, true);
        }

        return null;
    }

    private async Task<LogEntry?> ReadNewAsync(CancellationToken cancellationToken)
    {
        while (await logs.ReadAsync(_open!, cancellationToken) is { } entry)
        {
            if (entry.Time != _place.Time || _seen >= _place.Count)
            {
                _place = _place.After(entry);
                _seen = entry.Time == _place.Time ? _place.Count : _seen;
                return entry;
            }

            _seen++;
        }

        return null;
    }

    /// <summary>Waits until the container runs, and opens its log where it was left; false where it is gone.</summary>
    private async Task<bool> ReopenAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var pause = s_shortPause; !await IsRunningAsync(cancellationToken) || _hasEnded; pause *= 1.5)
            {
                _hasEnded = false;
                await Task.Delay(pause < s_longPause ? pause : s_longPause, time, cancellationToken);
            }

            _open = await logs.OpenAsync(container, null, _place.Time, follow: true, cancellationToken);
            _seen = 0;
            return true;
        }
        catch (Exception e) when (e is NotFoundException or DockerContainerNotFoundException)
        {
            return false;
        }
    }

    private async Task<bool> IsRunningAsync(CancellationToken cancellationToken) =>
        (await engine.AskAsync((client, token) => client.Containers.InspectContainerAsync(container, token), cancellationToken))
            .State is { Running: true, Restarting: false };
}
