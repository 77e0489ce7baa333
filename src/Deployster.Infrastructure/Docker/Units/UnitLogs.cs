using Deployster.Application.Errors;
using Deployster.Application.Output;
using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Opens the logs of units' containers.</summary>
internal sealed class UnitLogs(DockerEngine engine, LogEntries logs, TimeProvider time)
{
    // So much holds the last lines of any log that is worth it; of others as much is given.
    private const int MaxEntries = 64 * 1024;
    private const int MaxBytes = 8 << 20;

    /// <summary>Opens a container's log.</summary>
    /// <param name="container">The container's id.</param>
    /// <param name="tail">How many of the last lines; null for all.</param>
    /// <param name="follow">Whether to wait for more, over its restarts, until it is removed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotFoundException">There is no such container.</exception>
    public async Task<IOutputReader> OpenAsync(string container, int? tail, bool follow, CancellationToken cancellationToken)
    {
        if (tail is not { } lines)
        {
            var log = await logs.OpenAsync(container, null, null, follow, cancellationToken);
            return new UnitLog(engine, logs, time, container, follow, [], null, log);
        }

        var (entries, last) = await ReadTailAsync(container, lines, cancellationToken);
        return new UnitLog(engine, logs, time, container, follow, entries, last, null);
    }

    private async Task<(IReadOnlyList<LogEntry> Entries, LogPlace Last)> ReadTailAsync(
        string container, int lines, CancellationToken cancellationToken)
    {
        // One more than lines, to see where the first of them begins.
        for (var wanted = Math.Min(lines + 1L, MaxEntries); ; wanted = Math.Min(2 * wanted, MaxEntries))
        {
            using var log = await logs.OpenAsync(container, (int)wanted, null, follow: false, cancellationToken);
            var entries = new Queue<LogEntry>();
            var (count, bytes, last) = (0, 0, LogPlace.Start);
            while (await logs.ReadAsync(log, cancellationToken) is { } entry)
            {
                entries.Enqueue(entry);
                (count, bytes, last) = (count + 1, bytes + entry.Bytes.Length, last.After(entry));
                while (bytes > MaxBytes)
                {
                    bytes -= entries.Dequeue().Bytes.Length;
                }
            }

            if (LogTail.Find([.. entries], count < wanted || wanted == MaxEntries || entries.Count < count, lines) is { } found)
            {
                return (found, last);
            }
        }
    }
}
