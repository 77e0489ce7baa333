using System.Globalization;

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
