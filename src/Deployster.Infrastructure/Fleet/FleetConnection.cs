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
            handler.ConnectCallback = (_, cancellationToken) => UnixSocket.ConnectAsync(address.LocalPath, cancellationToken);
        }

        return handler;
    }

    private static bool IsSocket(Uri address) => address.Scheme == "unix";
}
