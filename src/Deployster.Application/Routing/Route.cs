using System.Collections.Immutable;
using Deployster.Domain.Names;

namespace Deployster.Application.Routing;

/// <summary>Where a service's requests go.</summary>
/// <param name="Service">The service.</param>
/// <param name="Hosts">The host names of its requests.</param>
/// <param name="Units">Its units.</param>
public sealed record Route(ServiceName Service, ImmutableArray<string> Hosts, ImmutableArray<RoutedUnit> Units)
{
    /// <inheritdoc />
    public bool Equals(Route? other) =>
        other is not null
        && Service == other.Service
        && Hosts.SequenceEqual(other.Hosts)
        && Units.SequenceEqual(other.Units);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Service, Hosts.Length, Units.Length);
}
