using System.Collections.Immutable;
using Deployster.Application.Routing;
using Deployster.Domain.Names;

namespace Deployster.Application.Maintenances;

/// <summary>Knows which services are closed, and tells the gateways.</summary>
internal sealed class ClosedServices
{
    private readonly Lock _lock = new();
    private readonly Routes _routes;
    private readonly IMaintenanceStore _store;
    private ImmutableDictionary<ServiceName, Maintenance> _closed;

    public ClosedServices(Routes routes, IMaintenanceStore store) => (_routes, _store, _closed) = (routes, store, store.Read());

    /// <summary>Tells the gateways what was closed before this process began.</summary>
    public void Tell() => _routes.Close(_closed);

    /// <summary>Why a service is closed; null where it is open.</summary>
    public Maintenance? Find(ServiceName service)
    {
        lock (_lock)
        {
            return _closed.GetValueOrDefault(service);
        }
    }

    /// <summary>Closes a service, or opens it where <paramref name="maintenance"/> is null. It is kept before it holds.</summary>
    /// <exception cref="MaintenanceNotKeptException">It cannot be kept.</exception>
    public void Set(ServiceName service, Maintenance? maintenance)
    {
        lock (_lock)
        {
            var closed = maintenance is null ? _closed.Remove(service) : _closed.SetItem(service, maintenance);
            try
            {
                _store.Write(closed);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new MaintenanceNotKeptException(e.Message, e);
            }

            _closed = closed;
            _routes.Close(closed);
        }
    }
}
