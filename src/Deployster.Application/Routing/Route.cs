using System.Collections.Immutable;
using Deployster.Domain.Names;

namespace Deployster.Application.Routing;

/// <summary>Where a service's requests go.</summary>
/// <param name="Service">The service.</param>
/// <param name="Hosts">The host names of its requests.</param>
/// <param name="Units">Its units.</param>
public sealed record Route(ServiceName Service, ImmutableArray<string> Hosts, ImmutableArray<RoutedUnit> Units)
{
    /// <summary>How its requests are handled on their way.</summary>
    public RouteSettings Settings { get; init; } = RouteSettings.Default;

    /// <summary>Why it is closed; null where it is open.</summary>
    public Maintenance? Maintenance { get; init; }

    /// <inheritdoc />
    public bool Equals(Route? other) =>
        other is not null
        && Service == other.Service
        && Settings == other.Settings
        && Maintenance == other.Maintenance
        && Hosts.SequenceEqual(other.Hosts)
        && Units.SequenceEqual(other.Units);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Service, Hosts.Length, Units.Length);
}
