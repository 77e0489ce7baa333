using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Deployster.Gateway.Certificates;
using Deployster.Gateway.Http2;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway;

/// <summary>Listens for requests. A server of its own: nothing that guards the API stands in the way of a service's requests.</summary>
internal sealed partial class GatewayServer(
    GatewayOptions options, RequestHandler handler, CertificateStore certificates, ILoggerFactory loggers, ILogger<GatewayServer> logger)
    : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    // A balancer that asks every second or two has heard by then.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    private readonly PriorKnowledge _priorKnowledge = new();
    private WebApplication? _app;
    private IServer? _server;

    /// <summary>Where it listens: <c>http://0.0.0.0:8080</c>.</summary>
    public string Address => Urls.First(url => url.StartsWith(options.IsHttpsOnly ? "https:" : "http:", StringComparison.Ordinal));

    /// <summary>Where it listens for HTTPS: <c>https://0.0.0.0:8443</c>; null for nowhere.</summary>
    public string? HttpsAddress => Urls.FirstOrDefault(url => url.StartsWith("https:", StringComparison.Ordinal));

    private IEnumerable<string> Urls => _server!.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        certificates.ReadFirst();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "deployster-gateway" });
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);

        // A request is never waited for by blocking a thread, so that the thread that has its bytes may go on with it.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton<IConnectionListenerFactory>(_priorKnowledge); // beside Kestrel's own
        _app = builder.Build();
        _server = _app.Services.GetRequiredService<IServer>();
        try
        {
            await _server.StartAsync(new GatewayApplication(handler), cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            var listen = options.HttpsListen is { } https ? $"-gateway-listen and -gateway-https-listen: {options.Listen}, {https}" : $"-gateway-listen: {options.Listen}";
            throw new GatewayStartException($"{listen}: {e.Message}", e);
        }

        foreach (var url in Urls.Where(url => url.StartsWith("http", StringComparison.Ordinal)))
        {
            LogListening(url);
        }
    }

    /// <summary>
    /// Ends when the requests in flight have. While there are any it takes others for a moment, so that a balancer in front
    /// hears by <c>/healthz</c> that they should go elsewhere.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (handler.InFlight > 0 && Stopwatch.GetElapsedTime(began) < s_farewell && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(s_pause, CancellationToken.None);
        }

        await (_server?.StopAsync(cancellationToken) ?? Task.CompletedTask);
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // Whatever a client and a unit agree on: uploads of any size, at any pace.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestLineSize = options.MaxRequestLine;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.MaxHeadersSize;
        kestrel.Limits.MaxRequestHeaderCount = options.MaxHeaders;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = options.MaxHeadersSize;

        // The bytes of a header as they came, whatever text they are.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        if (options.IsHttpsOnly)
        {
            kestrel.Listen(options.Listen, UseHttps);
            return;
        }

        kestrel.Listen(options.Listen, endPoint => endPoint.Use(next => connection => _priorKnowledge.ServeAsync(connection, next)));
        kestrel.Listen(_priorKnowledge.EndPoint, endPoint => endPoint.Protocols = HttpProtocols.Http2);
        if (options.HttpsListen is { } https)
        {
            kestrel.Listen(https, UseHttps);
        }
    }

    private void UseHttps(ListenOptions endPoint) => endPoint.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = hello => ValueTask.FromResult(certificates.Select(hello.ClientHelloInfo.ServerName)),
    });

    [LoggerMessage(LogLevel.Information, "The gateway listens on {Address}")]
    private partial void LogListening(string address);
}
