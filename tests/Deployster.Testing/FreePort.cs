using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Deployster.Testing;

/// <summary>Finds ports that nothing listens on.</summary>
public static class FreePort
{
    // Below the range from which systems take the ports of outgoing connections: nobody else comes by one by chance.
    private const int First = 20000;
    private const int Last = 32000;

    // Tests run beside each other, and what asks for a port listens on it only later.
    private static readonly ConcurrentDictionary<int, bool> s_given = new();

    /// <summary>A port on 127.0.0.1 that nothing listens on, and that no outgoing connection will take.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (!s_given.TryAdd(port, true))
            {
                continue;
            }

            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
