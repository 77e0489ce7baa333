using System.Net;
using Deployster.Gateway.Http1;

namespace Deployster.Gateway.Tests.Support;

/// <summary>Watches over connections that a test does not make.</summary>
internal static class TestWatch
{
    public static ConnectionWatch Create() => new(new GatewayOptions(new IPEndPoint(IPAddress.Loopback, 0)), TimeProvider.System);
}
