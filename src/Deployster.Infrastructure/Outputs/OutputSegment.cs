using System.Globalization;
using Deployster.Application.Output;

namespace Deployster.Infrastructure.Outputs;

/// <summary>A file with a part of an output. It is named after the part's place in the whole, so that what was cut off can be told.</summary>
/// <param name="folder">The output's folder.</param>
/// <param name="start">How many bytes of output were written before it.</param>
internal sealed class OutputSegment(string folder, long start)
{
    public long Start { get; } = start;

    public string Path { get; } = System.IO.Path.Combine(folder, start.ToString("D20", CultureInfo.InvariantCulture));

    /// <summary>How many bytes of output it holds.</summary>
    public long Payload { get; set; }

    /// <summary>How long the file is, as far as it has been written entirely.</summary>
    public long Length { get; set; }

    public long End => Start + Payload;

    /// <summary>Finds out what a segment of before holds; a frame that was not written to its end is to be written over.</summary>
    /// <param name="lengths">How many bytes there are of each source; what the segment holds is added.</param>
    public void Measure(Dictionary<OutputSource, long> lengths)
    {
        using var cursor = new OutputCursor();
        cursor.MoveTo(this);
        var buffer = new byte[OutputFrames.BufferSize];
        var wasRead = true;
        while (wasRead)
        {
            var unread = buffer.AsMemory(0, cursor.Read(buffer));
            wasRead = false;
            while (OutputFrames.ReadRun(unread) is { Length: > 0 } run)
            {
                unread = unread[run.Length..];
                cursor.Advance(run.Length, run.Bytes.Length);
                Payload += run.Bytes.Length;
                lengths[run.Source] = lengths.GetValueOrDefault(run.Source) + run.Bytes.Length;
                wasRead = true;
            }
        }

        Length = cursor.Offset;
    }

    /// <summary>The segments in a folder, oldest first.</summary>
    public static List<OutputSegment> Find(string folder) => Directory.Exists(folder)
        ?
        [
            .. Directory.EnumerateFiles(folder)
                .Select(System.IO.Path.GetFileName)
                .Select(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start : -1)
                .Where(start => start >= 0)
                .Order()
                .Select(start => new OutputSegment(folder, start))
                .Select(segment =>
                {
                    segment.Length = new FileInfo(segment.Path).Length;
                    return segment;
                }),
        ]
        : [];
}
