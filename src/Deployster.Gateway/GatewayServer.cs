using System.Net.Security;
using System.Net.Sockets;
using Deployster.Gateway.Forwarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway;

/// <summary>Listens for requests. A server of its own: nothing that guards the API stands in the way of a service's requests.</summary>
internal sealed partial class GatewayServer(
    GatewayOptions options, RequestForwarder forwarder, TimeProvider time, ILoggerFactory loggers, ILogger<GatewayServer> logger)
    : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Where it listens: <c>http://0.0.0.0:8080</c>.</summary>
    public string Address => _app!.Urls.Single();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "deployster-gateway" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, WithinAnother>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        _app = builder.Build();
        _app.Run(forwarder.ForwardAsync);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new GatewayStartException($"-gateway-listen: {options.Listen}: {e.Message}", e);
        }

        LogListening(Address);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // Whatever a client and a unit agree on: uploads of any size, at any pace.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(options.Listen, endPoint =>
        {
            if (options.Cert is not null)
            {
                UseHttps(endPoint, options.Cert, options.Key!);
            }
        });
    }

    private void UseHttps(ListenOptions endPoint, string cert, string key)
    {
        CertificateFiles certificate;
        try
        {
            certificate = new CertificateFiles(cert, key, time, loggers.CreateLogger<CertificateFiles>());
        }
        catch (Exception e) when (CertificateFiles.IsUnusable(e))
        {
            throw new GatewayStartException($"-gateway-cert and -gateway-key: {e.Message}", e);
        }

        endPoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(
                new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }),
        });
    }

    [LoggerMessage(LogLevel.Information, "The gateway listens on {Address}")]
    private partial void LogListening(string address);

    // It starts and stops with the process that it is part of, and signals are that one's.
    private sealed class WithinAnother : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
