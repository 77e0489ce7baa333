using Refit;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Fleet's API v1, as far as Deployster needs it.</summary>
internal interface IFleetApi
{
    [Get("/fleet/v1/units")]
    Task<FleetUnitPage> ListUnitsAsync(string? nextPageToken, CancellationToken cancellationToken);

    [Get("/fleet/v1/units/{name}")]
    Task<FleetUnitMessage> GetUnitAsync(string name, CancellationToken cancellationToken);

    [Get("/fleet/v1/state")]
    Task<FleetStatePage> ListStatesAsync(string? nextPageToken, CancellationToken cancellationToken);

    [Get("/fleet/v1/machines")]
    Task<FleetMachinePage> ListMachinesAsync(string? nextPageToken, CancellationToken cancellationToken);

    [Put("/fleet/v1/units/{name}")]
    Task PutUnitAsync(string name, [Body] FleetUnitChange change, CancellationToken cancellationToken);

    [Delete("/fleet/v1/units/{name}")]
    Task DeleteUnitAsync(string name, CancellationToken cancellationToken);
}
