using Microsoft.Win32.SafeHandles;

namespace Deployster.Infrastructure.Outputs;

/// <summary>How far somebody has read an output.</summary>
internal sealed class OutputCursor : IDisposable
{
    private SafeFileHandle? _file;

    /// <summary>Where they are; null before the first segment.</summary>
    public OutputSegment? Segment { get; private set; }

    public long Offset { get; private set; }

    public void MoveTo(OutputSegment segment)
    {
        Dispose();
        Segment = segment;
        Offset = 0;
    }

    /// <summary>Reads on from where the cursor is, without moving it.</summary>
    public int Read(Memory<byte> buffer)
    {
        _file ??= File.OpenHandle(Segment!.Path, share: FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.Read(_file, buffer.Span, Offset);
    }

    public void Advance(long length) => Offset += length;

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
