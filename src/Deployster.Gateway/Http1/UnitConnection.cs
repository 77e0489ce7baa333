using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Deployster.Gateway.Http1;

/// <summary>
/// A connection to a unit, in HTTP/1.1. One exchange at a time uses it: it writes requests and reads answers through one
/// buffer. <see cref="Abort"/> may be called by anybody, and ends whatever waits.
/// </summary>
internal sealed class UnitConnection : IDisposable
{
    private const int FirstBufferSize = 4096;
    private const long Overdue = long.MinValue;

    private readonly Socket _socket;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private readonly Lock _overdue = new();
    private long _due = long.MaxValue;
    private Action? _onOverdue;
    private int _isClosed;

    private UnitConnection(Socket socket) => _socket = socket;

    /// <summary>The bytes that have been read and not been taken yet.</summary>
    public ReadOnlyMemory<byte> Unread => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Whether it has served a request before.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>The timestamp since which nobody uses it.</summary>
    public long IdleSince { get; private set; }

    /// <summary>Whether it was ended because it stood still for too long.</summary>
    public bool IsOverdue => Volatile.Read(ref _due) == Overdue;

    /// <summary>Connects to a unit.</summary>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or was cancelled.</exception>
    public static async ValueTask<UnitConnection> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = endPoint is IPEndPoint
            ? new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new UnitConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>From the given timestamp on, the connection stands still for too long. <see cref="long.MaxValue"/> is never.</summary>
    /// <returns>Whether it has not stood still for too long already.</returns>
    public bool SetDue(long timestamp)
    {
        while (true)
        {
            var due = Volatile.Read(ref _due);
            if (due == Overdue)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _due, timestamp, due) == due)
            {
                return true;
            }
        }
    }

    /// <summary>What is done besides when the connection has stood still for too long. Whatever was to be done before never is, from now on.</summary>
    public void OnOverdue(Action? action)
    {
        lock (_overdue)
        {
            _onOverdue = action;
        }
    }

    /// <summary>Whether it has stood still for too long at a timestamp.</summary>
    public bool IsDue(long now) => now >= Volatile.Read(ref _due);

    /// <summary>Ends the connection if it has stood still for too long.</summary>
    public void AbortIfOverdue(long now)
    {
        var due = Volatile.Read(ref _due);
        if (now >= due && Interlocked.CompareExchange(ref _due, Overdue, due) == due)
        {
            lock (_overdue)
            {
                _onOverdue?.Invoke();
            }

            Abort();
        }
    }

    /// <summary>Sends all of the bytes.</summary>
    /// <exception cref="SocketException">The unit takes no more.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None)..];
        }
    }

    /// <summary>Tells the unit that nothing more is sent.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads more behind what is unread; gives how much it was, 0 at the end.</summary>
    /// <param name="roomFor">How much should fit, at least.</param>
    /// <exception cref="SocketException">The connection broke.</exception>
    public async ValueTask<int> ReadAsync(int roomFor = 1)
    {
        MakeRoom(roomFor);
        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, CancellationToken.None);
        _end += read;
        return read;
    }

    /// <summary>Waits until there is something to read, or the end, without holding a buffer for it.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    public async ValueTask WaitAsync()
    {
        if (_start == _end)
        {
            Release();
        }

        await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, CancellationToken.None);
    }

    /// <summary>Takes bytes off what is unread.</summary>
    public void Take(int count)
    {
        _start += count;
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
    }

    /// <summary>The exchange is over, and another may follow.</summary>
    /// <returns>Whether another may; false where it stood still for too long just now.</returns>
    public bool Rest(long now)
    {
        Release();
        (IsUsed, IdleSince) = (true, now);
        return SetDue(long.MaxValue);
    }

    /// <summary>Whether the unit has said something, or hung up, though nobody asked.</summary>
    public bool IsDisturbed()
    {
        try
        {
            return _socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Ends the connection, at once.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _socket.Dispose();
        }
    }

    /// <summary>Closes the connection. Its exchange must be over.</summary>
    public void Dispose()
    {
        Abort();
        Release();
    }

    private void MakeRoom(int roomFor)
    {
        if (_buffer.Length - _end >= roomFor)
        {
            return;
        }

        var unread = _end - _start;
        var needed = Math.Max(unread + roomFor, FirstBufferSize);
        var buffer = _buffer.Length >= needed ? _buffer : ArrayPool<byte>.Shared.Rent(needed);
        _buffer.AsSpan(_start, unread).CopyTo(buffer);
        if (buffer != _buffer)
        {
            Release();
            _buffer = buffer;
        }

        (_start, _end) = (0, unread);
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        (_start, _end) = (0, 0);
    }
}
