using System.Globalization;
using Deployster.Application.Output;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// What a unit writes. Followed, it goes on over the restarts of its container, at each of which the engine ends its own
/// stream, until the container is removed.
/// </summary>
internal sealed class UnitLog : IOutputReader
{
    private const int MostEntries = 1 << 20;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly DockerEngine _engine;
    private readonly string _container;
    private readonly bool _follow;
    private IOutputReader _log;
    private string? _startedAt;
    private long _linesToSkip;

    private UnitLog(DockerEngine engine, string container, bool follow, IOutputReader log, string? startedAt, long linesToSkip)
    {
        (_engine, _container, _follow) = (engine, container, follow);
        (_log, _startedAt, _linesToSkip) = (log, startedAt, linesToSkip);
    }

    /// <inheritdoc cref="ContainerLog.OpenAsync" />
    public static async Task<IOutputReader> OpenAsync(
        DockerEngine engine, string container, int? tail, bool follow, CancellationToken cancellationToken)
    {
        var startedAt = await FindStartAsync(engine, container, cancellationToken);
        var (entries, linesToSkip) = tail > 0
            ? await FindTailAsync(engine, container, tail.Value, cancellationToken)
            : (tail, 0);
        var log = await ContainerLog.OpenAsync(engine, container, entries, follow, cancellationToken);
        return new UnitLog(engine, container, follow, log, startedAt?.Run, linesToSkip);
    }

    public async ValueTask<(OutputSource Source, int Count)?> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await _log.ReadAsync(buffer, cancellationToken) is var (source, count))
            {
                var skipped = Skip(buffer.Span[..count]);
                if (skipped == count)
                {
                    continue;
                }

                buffer[skipped..count].CopyTo(buffer);
                return (source, count - skipped);
            }

            if (!_follow || !await ReopenAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    public void Dispose() => _log.Dispose();

    /// <summary>How many entries hold that many whole lines, and how many lines of them are too much.</summary>
    private static async Task<(int? Entries, long LinesToSkip)> FindTailAsync(
        DockerEngine engine, string container, int tail, CancellationToken cancellationToken)
    {
        var lengthBefore = -1L;
        for (var entries = tail + 1; ; entries *= 2)
        {
            var (length, lines) = await MeasureAsync(engine, container, entries, cancellationToken);
            if (lines > tail || length == lengthBefore || entries >= MostEntries)
            {
                return (entries, Math.Max(0, lines - tail));
            }

            lengthBefore = length;
        }
    }

    private static async Task<(long Length, long Lines)> MeasureAsync(
        DockerEngine engine, string container, int entries, CancellationToken cancellationToken)
    {
        using var log = await ContainerLog.OpenAsync(engine, container, entries, follow: false, cancellationToken);
        var buffer = new byte[16 * 1024];
        var (length, lines, isOpen) = (0L, 0L, false);
        while (await log.ReadAsync(buffer, cancellationToken) is (_, var count))
        {
            length += count;
            lines += buffer.AsSpan(0, count).Count((byte)'\n');
            isOpen = buffer[count - 1] != (byte)'\n';
        }

        return (length, isOpen ? lines + 1 : lines);
    }

    private int Skip(ReadOnlySpan<byte> bytes)
    {
        var skipped = 0;
        while (_linesToSkip > 0 && skipped < bytes.Length)
        {
            var end = bytes[skipped..].IndexOf((byte)'\n');
            if (end < 0)
            {
                return bytes.Length;
            }

            skipped += end + 1;
            _linesToSkip--;
        }

        return skipped;
    }

    private async Task<bool> ReopenAsync(CancellationToken cancellationToken)
    {
        _log.Dispose();
        while (await FindStartAsync(_engine, _container, cancellationToken) is { } start)
        {
            if (start.IsRunning && start.Run != _startedAt)
            {
                _startedAt = start.Run;
                _log = await ContainerLog.OpenAsync(_engine, _container, null, follow: true, cancellationToken, SinceOf(start.Run));
                return true;
            }

            await Task.Delay(s_pause, cancellationToken);
        }

        return false;
    }

    private static async Task<(string? Run, bool IsRunning)?> FindStartAsync(
        DockerEngine engine, string container, CancellationToken cancellationToken)
    {
        try
        {
            var found = await engine.AskAsync(
                (client, token) => client.Containers.InspectContainerAsync(container, token), cancellationToken);
            return (found.State?.StartedAt, found.State?.Running == true);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    private static string? SinceOf(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var moment)
            ? ((moment - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture)
            : null;
}
