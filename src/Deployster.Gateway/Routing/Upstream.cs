using System.Net;
using System.Security.Cryptography;
using System.Text;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Gateway.Http1;

namespace Deployster.Gateway.Routing;

/// <summary>A unit as requests see it. All but what never changes is guarded by its route.</summary>
internal sealed class Upstream(UnitName unit, string endpoint, ConnectionWatch watch)
{
    private Task<bool>? _speaksHttp2;

    public UnitName Unit { get; } = unit;

    public string Endpoint { get; } = endpoint;

    /// <summary>Where requests go: <c>http://host:port/</c>.</summary>
    public string Address { get; } = $"http://{endpoint}/";

    /// <summary>What a client's cookie names it by: it tells nobody which unit it is.</summary>
    public string Key { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{unit} {endpoint}")).AsSpan(0, 8));

    /// <summary>The connections to it.</summary>
    public UnitConnections Connections { get; } = new(ToEndPoint(endpoint), watch);

    /// <summary>What may be sent to it.</summary>
    public UnitTraffic Traffic { get; set; }

    /// <summary>How many requests it has.</summary>
    public int InFlight { get; set; }

    /// <summary>The timestamp of the last time that it did not answer; null where it always did.</summary>
    public long? DownSince { get; set; }

    /// <summary>Whether it is drained, without a request: it may be gone at any moment.</summary>
    public bool IsDrained { get; set; }

    /// <summary>Whether it speaks HTTP/2 in clear text. Asked once; again only where nobody answered.</summary>
    public async Task<bool> SpeaksHttp2Async()
    {
        var asked = _speaksHttp2 ??= Http2Probe.AskAsync(Endpoint);
        try
        {
            return await asked;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            _speaksHttp2 = null;
            return false;
        }
    }

    private static EndPoint ToEndPoint(string endpoint)
    {
        if (IPEndPoint.TryParse(endpoint, out var address))
        {
            return address;
        }

        var uri = new Uri($"http://{endpoint}");
        return new DnsEndPoint(uri.IdnHost, uri.Port);
    }
}
