using System.Net.Sockets;

namespace Deployster.Infrastructure.Fleet;

/// <summary>The way to Fleet's API: a Unix socket or TCP.</summary>
internal static class FleetConnection
{
    public static Uri BaseAddressOf(Uri address) => IsSocket(address) ? new Uri("http://fleet") : address;

    public static SocketsHttpHandler CreateHandler(Uri address)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        if (IsSocket(address))
        {
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(address.LocalPath, cancellationToken);
        }

        return handler;
    }

    private static bool IsSocket(Uri address) => address.Scheme == "unix";

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
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
