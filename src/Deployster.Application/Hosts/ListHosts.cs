using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using MediatR;

namespace Deployster.Application.Hosts;

/// <summary>Lists the host names that requests are routed by.</summary>
public sealed record ListHosts : IRequest<IReadOnlyList<RoutedHost>>;

/// <summary>A host name whose requests go to a service.</summary>
/// <param name="Host">The host name.</param>
/// <param name="PathPrefix">The beginning of the paths that do; null for all.</param>
/// <param name="Service">The service.</param>
/// <param name="Certificate">The certificate that the gateway of this process shows for it; null where it has none.</param>
public sealed record RoutedHost(string Host, PathPrefix? PathPrefix, ServiceName Service, HostCertificate? Certificate);

internal sealed class ListHostsHandler(Routes? routes = null, ICertificates? certificates = null)
    : RequestHandler<ListHosts, IReadOnlyList<RoutedHost>>
{
    protected override IReadOnlyList<RoutedHost> Handle(ListHosts request) =>
    [
        .. (routes ?? throw FollowRoutesHandler.NoRoutes()).Current
            .SelectMany(route => route.Hosts.Select(host => new RoutedHost(
                host, route.Settings.PathPrefix, route.Service, certificates?.Of(host))))
            .OrderBy(host => host.Host, StringComparer.Ordinal)
            .ThenBy(host => host.PathPrefix?.Value, StringComparer.Ordinal),
    ];
}
