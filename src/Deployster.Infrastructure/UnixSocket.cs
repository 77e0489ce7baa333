using System.Net.Sockets;

namespace Deployster.Infrastructure;

/// <summary>Connects HTTP clients to a Unix socket.</summary>
internal static class UnixSocket
{
    public static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable && !File.Exists(path))
        {
            // The runtime has another word for it than the operating system.
            socket.Dispose();
            throw new IOException("No such file or directory", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
