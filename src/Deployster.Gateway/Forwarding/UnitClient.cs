using System.Net;
using System.Text;
using Yarp.ReverseProxy.Forwarder;

namespace Deployster.Gateway.Forwarding;

/// <summary>How the gateway speaks HTTP/2 to units.</summary>
internal sealed class UnitClient : IDisposable
{
    /// <summary>What has stood still for so long is dead on one side.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromHours(1);

    /// <summary>In clear text, to a unit that is known to speak it.</summary>
    public static ForwarderRequestConfig Http2 { get; } = new()
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = DeadAfter,
    };

    /// <summary>For a WebSocket that comes in HTTP/2: units take those in HTTP/1.1.</summary>
    public static ForwarderRequestConfig Socket { get; } = Http2 with { Version = HttpVersion.Version11 };

    public HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    });

    public void Dispose() => Invoker.Dispose();
}
