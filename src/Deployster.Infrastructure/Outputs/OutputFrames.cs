using System.Buffers.Binary;
using Deployster.Application.Output;

namespace Deployster.Infrastructure.Outputs;

/// <summary>How output stands in a file: the source in one byte, the length in four, then the bytes.</summary>
internal static class OutputFrames
{
    public const int HeaderSize = 1 + sizeof(int);

    /// <summary>The most bytes of output in a frame.</summary>
    public const int MaxPayload = 32 * 1024;

    /// <summary>A buffer of this size holds any frame.</summary>
    public const int BufferSize = 64 * 1024;

    public static byte[] Header(OutputSource source, int count)
    {
        var header = new byte[HeaderSize];
        header[0] = (byte)source;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(1), count);
        return header;
    }

    /// <summary>Reads the first frame; false where it is not there entirely, as after a kill or on a full disk.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out OutputSource source, out int count)
    {
        source = default;
        count = 0;
        if (bytes.Length < HeaderSize)
        {
            return false;
        }

        source = (OutputSource)bytes[0];
        count = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        return Enum.IsDefined(source) && count is > 0 and <= MaxPayload && bytes.Length >= HeaderSize + count;
    }

    /// <summary>
    /// Reads the frames at the beginning of <paramref name="buffer"/> that come from one source, and joins their bytes in place.
    /// </summary>
    /// <returns>The source, where its bytes are in the buffer, and how long the frames were; a length of 0 where there is none.</returns>
    public static (OutputSource Source, Memory<byte> Bytes, int Length) ReadRun(Memory<byte> buffer)
    {
        var bytes = buffer.Span;
        var (read, joined) = (0, HeaderSize);
        OutputSource? run = null;
        while (TryRead(bytes[read..], out var source, out var count) && source == (run ?? source))
        {
            run = source;
            bytes.Slice(read + HeaderSize, count).CopyTo(bytes[joined..]);
            joined += count;
            read += HeaderSize + count;
        }

        return run is { } found ? (found, buffer[HeaderSize..joined], read) : default;
    }
}
