using System.Net;
using System.Net.Security;
using Deployster.Application.Routing;
using Deployster.Gateway.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Deployster.Gateway.Tests.Support;

/// <summary>A gateway with the routes that a test sets.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly List<IDisposable> _clients = [];

    private TestGateway(IHost host) => _host = host;

    public Uri Address => new(Server.Address);

    /// <summary>Where it takes HTTPS, beside plain HTTP.</summary>
    public Uri HttpsAddress => new(Server.HttpsAddress!);

    private GatewayServer Server => _host.Services.GetRequiredService<GatewayServer>();

    public TestRoutes Routes { get; } = new();

    public static async Task<TestGateway> StartAsync(Func<GatewayOptions, GatewayOptions>? change = null)
    {
        var options = new GatewayOptions(new IPEndPoint(IPAddress.Loopback, 0)) { Hold = TimeSpan.Zero };
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(1));
        builder.Services.AddGateway(change?.Invoke(options) ?? options);
        TestGateway? gateway = null;
        builder.Services.AddSingleton<IRouteSource>(_ => gateway!.Routes);
        gateway = new TestGateway(builder.Build());
        await gateway._host.StartAsync();
        return gateway;
    }

    /// <summary>Sets the routes and waits until the gateway has them.</summary>
    public async Task<long> RouteAsync(params RoutedUnit[] units) => await RouteAsync(TestRoutes.RouteOf("hello", units));

    public async Task<long> RouteAsync(params Route[] routes)
    {
        // A host name of its own that is there with this table tells that the table is.
        var mark = $"mark-{Guid.NewGuid():N}";
        var version = Routes.Set([.. routes, TestRoutes.RouteOf(mark)]);
        var router = _host.Services.GetRequiredService<Router>();
        await Wait.UntilAsync(() => router.Find($"{mark}.localhost") is not null);
        return version;
    }

    public HttpClient CreateClient(string host = "hello.localhost", TestCertificate? trusted = null, Uri? address = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            SslOptions = trusted?.Trusting() ?? new SslClientAuthenticationOptions(),
        };
        var client = new HttpClient(handler) { BaseAddress = address ?? Address, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Host = host;
        _clients.Add(client);
        return client;
    }

    /// <summary>Tells it to end, and waits until it has.</summary>
    public Task StopAsync() => _host.StopAsync(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _host.StopAsync(new CancellationToken(canceled: true));
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
