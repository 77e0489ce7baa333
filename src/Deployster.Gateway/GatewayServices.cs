using Deployster.Application.Routing;
using Deployster.Gateway.Answers;
using Deployster.Gateway.Certificates;
using Deployster.Gateway.Forwarding;
using Deployster.Gateway.Http1;
using Deployster.Gateway.Log;
using Deployster.Gateway.Routing;
using Deployster.Gateway.Standalone;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway;

/// <summary>Puts a gateway together.</summary>
public static class GatewayServices
{
    /// <summary>Adds a gateway for the routes of this process itself, <see cref="Routes"/>.</summary>
    public static IServiceCollection AddDeploysterGateway(this IServiceCollection services, GatewayOptions options) =>
        services.AddGateway(options).AddSingleton<IRouteSource, OwnRoutes>();

    /// <summary>Adds a gateway for the routes that an API tells.</summary>
    public static IServiceCollection AddStandaloneGateway(
        this IServiceCollection services, GatewayOptions options, StandaloneOptions standalone) => services
        .AddGateway(options)
        .AddSingleton(standalone)
        .AddSingleton<ApiRoutes>()
        .AddSingleton<IRouteSource>(provider => new KeptRoutes(
            provider.GetRequiredService<ApiRoutes>(),
            Path.Combine(standalone.Data, "routes.json"),
            provider.GetRequiredService<ILogger<KeptRoutes>>()));

    internal static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);

        // It tells of every client that hangs up.
        services.AddLogging(logging => logging.AddFilter("Yarp", LogLevel.None));
        services.AddHttpForwarder();
        return services
            .AddSingleton(options)
            .AddSingleton(new ForwardedHeaders(options.TrustedProxies))
            .AddSingleton<ConnectionWatch>()
            .AddSingleton<RequestHead>()
            .AddSingleton<UnitClient>()
            .AddSingleton<Http2Forwarder>()
            .AddSingleton<CertificateStore>()
            .AddSingleton<ICertificates>(provider => provider.GetRequiredService<CertificateStore>())
            .AddSingleton<ErrorPages>()
            .AddSingleton<AcmeChallenges>()
            .AddSingleton<HttpsRedirect>()
            .AddSingleton<StrictTransport>()
            .AddSingleton<GatewayHealth>()
            .AddSingleton<GatewayMetrics>()
            .AddSingleton<RequestLog>()
            .AddSingleton<RequestHandler>()
            .AddSingleton<Router>()
            .AddSingleton<RequestForwarder>()
            .AddSingleton<GatewayServer>()
            .AddHostedService(provider => provider.GetRequiredService<RequestLog>())
            .AddHostedService(provider => provider.GetRequiredService<CertificateStore>())
            .AddHostedService<RouteFollower>()
            .AddHostedService(provider => provider.GetRequiredService<GatewayServer>());
    }
}
