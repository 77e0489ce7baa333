using Deployster.Application.Output;
using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Finds the last lines of a log among its entries: a long line has several.</summary>
internal static class LogTail
{
    /// <summary>The entries of the last lines; null where more entries are needed to tell.</summary>
    /// <param name="entries">The last entries of the log.</param>
    /// <param name="isAll">Whether these are all that there are.</param>
    /// <param name="lines">How many lines.</param>
    public static IReadOnlyList<LogEntry>? Find(IReadOnlyList<LogEntry> entries, bool isAll, int lines)
    {
        // Each entry's line, by the number of its end; those whose beginning may be missing have none.
        var lineOf = new int?[entries.Count];
        var open = new Dictionary<OutputSource, List<int>>();
        var isWhole = new Dictionary<OutputSource, bool>();
        var count = 0;
        for (var i = 0; i < entries.Count; i++)
        {
            var source = entries[i].Source;
            open.TryAdd(source, []);
            open[source].Add(i);
            if (entries[i].EndsLine)
            {
                Close(source);
            }
        }

        foreach (var source in open.Where(line => line.Value.Count > 0).Select(line => line.Key).ToList())
        {
            Close(source);
        }

        return count >= lines || isAll
            ? [.. entries.Where((_, i) => lineOf[i] is { } line && line >= count - lines)]
            : null;

        void Close(OutputSource source)
        {
            if (isAll || isWhole.GetValueOrDefault(source))
            {
                foreach (var i in open[source])
                {
                    lineOf[i] = count;
                }

                count++;
            }

            isWhole[source] = true;
            open[source] = [];
        }
    }
}
