using System.Net;
using System.Net.Sockets;

namespace Deployster.Testing;

/// <summary>A loopback port on which nobody listens.</summary>
public static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
