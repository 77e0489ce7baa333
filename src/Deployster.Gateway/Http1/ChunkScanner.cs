using System.Text;

namespace Deployster.Gateway.Http1;

/// <summary>
/// Finds the data and the end of a body in chunks, as its bytes come. It takes nothing but the grammar of RFC 9112,
/// section 7.1: what is handed on as it came must mean the same to everybody.
/// </summary>
internal struct ChunkScanner
{
    private const int MaxLineLength = 4096;
    private const int MaxTrailerLength = 64 * 1024;

    private State _state;
    private long _left;
    private int _lineLength;
    private StringBuilder? _trailer;

    private enum State
    {
        Size,
        Extension,
        SizeEnd,
        Data,
        DataReturn,
        DataEnd,
        TrailerStart,
        Trailer,
        TrailerEnd,
        LastEnd,
        Ended,
    }

    /// <summary>Whether the last byte of the body has been seen.</summary>
    public readonly bool HasEnded => _state == State.Ended;

    /// <summary>The header lines behind the last chunk, each with its end.</summary>
    public readonly string Trailer => _trailer?.ToString() ?? "";

    /// <summary>Takes bytes up to the end of some data, or of the body.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="data">The body's bytes among those taken: the last ones.</param>
    /// <returns>How many were taken.</returns>
    /// <exception cref="BrokenAnswerException">They are no chunks.</exception>
    public int Take(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> data)
    {
        data = default;
        for (var at = 0; at < bytes.Length; at++)
        {
            switch (_state)
            {
                case State.Ended:
                    return at;
                case State.Data:
                    data = bytes.Slice(at, (int)Math.Min(_left, bytes.Length - at));
                    _left -= data.Length;
                    _state = _left == 0 ? State.DataReturn : State.Data;
                    return at + data.Length;
                default:
                    _state = After(bytes[at]);
                    break;
            }
        }

        return bytes.Length;
    }

    private State After(byte next) => (_state, next) switch
    {
        (State.Size, _) when char.IsAsciiHexDigit((char)next) => AddDigit(next),
        (State.Size, (byte)'\r') when _lineLength > 0 => State.SizeEnd,
        (State.Size, (byte)';' or (byte)' ' or (byte)'\t') when _lineLength > 0 => State.Extension,
        (State.Extension, (byte)'\r') => State.SizeEnd,
        (State.Extension, not (byte)'\n') when ++_lineLength < MaxLineLength => State.Extension,
        (State.SizeEnd, (byte)'\n') => _left == 0 ? State.TrailerStart : State.Data,
        (State.DataReturn, (byte)'\r') => State.DataEnd,
        (State.DataEnd, (byte)'\n') => BeginSize(),
        (State.TrailerStart, (byte)'\r') => State.LastEnd,
        (State.TrailerStart or State.Trailer, not ((byte)'\r' or (byte)'\n' or 0)) => AddToTrailer(next, State.Trailer),
        (State.Trailer, (byte)'\r') => AddToTrailer(next, State.TrailerEnd),
        (State.TrailerEnd, (byte)'\n') => AddToTrailer(next, State.TrailerStart),
        (State.LastEnd, (byte)'\n') => State.Ended,
        _ => throw new BrokenAnswerException("Its body is not in chunks, though its head says so."),
    };

    private State BeginSize()
    {
        _lineLength = 0;
        return State.Size;
    }

    private State AddDigit(byte digit)
    {
        if (++_lineLength > 15)
        {
            throw new BrokenAnswerException("A chunk is too large.");
        }

        _left = (_left << 4) + (char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
        return State.Size;
    }

    private State AddToTrailer(byte next, State state)
    {
        _trailer ??= new StringBuilder();
        if (_trailer.Append((char)next).Length > MaxTrailerLength)
        {
            throw new BrokenAnswerException("The header lines behind its last chunk are too long.");
        }

        return state;
    }
}
