using System.Buffers;
using System.Globalization;
using System.Text;

namespace Deployster.Gateway.Http1;

/// <summary>Writes the head of a request into a buffer that is borrowed.</summary>
internal sealed class HeadWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(2048);
    private int _length;

    /// <summary>What has been written.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Writes a header line.</summary>
    /// <exception cref="ArgumentException">It would be more than one line.</exception>
    public void Header(string name, string value)
    {
        if (name.AsSpan().ContainsAny("\r\n\0") || value.AsSpan().ContainsAny("\r\n\0"))
        {
            throw new ArgumentException($"A header is one line: {name}");
        }

        Text(name);
        Text(": ");
        Text(value);
        Text("\r\n");
    }

    /// <summary>Writes a header line with a number.</summary>
    public void Header(string name, long value) => Header(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes text, each character as one byte.</summary>
    public void Text(string text)
    {
        if (_buffer.Length - _length < text.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + text.Length));
            Written.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _length += Encoding.Latin1.GetBytes(text, _buffer.AsSpan(_length));
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
