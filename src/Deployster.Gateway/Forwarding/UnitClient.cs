using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Deployster.Gateway.Forwarding;

/// <summary>How the gateway speaks to units.</summary>
internal sealed class UnitClient : IDisposable
{
    // What has stood still for so long is dead on one side; what a client and a unit agree on before is theirs to end.
    private static readonly TimeSpan s_deadAfter = TimeSpan.FromHours(1);

    /// <summary>In HTTP/1.1.</summary>
    public static ForwarderRequestConfig Http1 { get; } = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = s_deadAfter,
    };

    /// <summary>In HTTP/2, clear text, to a unit that is known to speak it.</summary>
    public static ForwarderRequestConfig Http2 { get; } = Http1 with { Version = HttpVersion.Version20 };

    public HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),

        // Shorter than servers keep idle connections (Node.js: 5 s): a request must not meet one that is being closed.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
    });

    public void Dispose() => Invoker.Dispose();
}
