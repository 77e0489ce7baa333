using System.Collections.Immutable;
using Deployster.Application.Routing;
using Deployster.Domain.Names;

namespace Deployster.Application.Maintenances;

/// <summary>Keeps which services are closed, over restarts.</summary>
public interface IMaintenanceStore
{
    /// <summary>Reads what was written last; nothing where that cannot be read.</summary>
    ImmutableDictionary<ServiceName, Maintenance> Read();

    /// <summary>Writes it down, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    void Write(ImmutableDictionary<ServiceName, Maintenance> closed);
}
