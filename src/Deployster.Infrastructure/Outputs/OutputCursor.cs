using Microsoft.Win32.SafeHandles;

namespace Deployster.Infrastructure.Outputs;

/// <summary>How far somebody has read an output.</summary>
internal sealed class OutputCursor : IDisposable
{
    private SafeFileHandle? _file;
    private long _missing;

    /// <summary>Where they are; null before the first segment.</summary>
    public OutputSegment? Segment { get; private set; }

    public long Offset { get; private set; }

    /// <summary>How many bytes of output are before them.</summary>
    public long Position { get; private set; }

    /// <summary>The timestamp of when they moved last, or might have moved first.</summary>
    public long MovedAt { get; set; }

    /// <summary>Goes to the beginning of a segment. What is skipped for that is missing.</summary>
    public void MoveTo(OutputSegment segment)
    {
        Dispose();
        Segment = segment;
        Offset = 0;
        _missing += Math.Max(0, segment.Start - Position);
        Position = segment.Start;
    }

    /// <summary>Opens the segment's file, so that it can be read even when it is deleted meanwhile.</summary>
    public SafeFileHandle Open() => _file ??= File.OpenHandle(Segment!.Path, share: FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads on from where the cursor is, without moving it.</summary>
    public int Read(Memory<byte> buffer) => RandomAccess.Read(Open(), buffer.Span, Offset);

    /// <summary>Moves on in the file.</summary>
    /// <param name="length">By how many bytes of it.</param>
    /// <param name="payload">How many of those are output.</param>
    public void Advance(long length, long payload)
    {
        Offset += length;
        Position += payload;
    }

    /// <summary>How many bytes have been skipped since this was asked last.</summary>
    public long TakeMissing()
    {
        var missing = _missing;
        _missing = 0;
        return missing;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
