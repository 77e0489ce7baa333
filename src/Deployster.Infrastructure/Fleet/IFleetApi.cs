using Refit;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Fleet's API v1, as far as Deployster needs it. Lists come as bytes, which need not be parsed where they are known.</summary>
internal interface IFleetApi
{
    [Get("/fleet/v1/units")]
    Task<HttpContent> ListUnitsAsync(string? nextPageToken, CancellationToken cancellationToken);

    [Get("/fleet/v1/units/{name}")]
    Task<FleetUnitMessage> GetUnitAsync(string name, CancellationToken cancellationToken);

    [Get("/fleet/v1/state")]
    Task<HttpContent> ListStatesAsync(string? nextPageToken, CancellationToken cancellationToken);

    [Get("/fleet/v1/machines")]
    Task<HttpContent> ListMachinesAsync(string? nextPageToken, CancellationToken cancellationToken);

    [Put("/fleet/v1/units/{name}")]
    Task PutUnitAsync(string name, [Body] FleetUnitChange change, CancellationToken cancellationToken);

    [Delete("/fleet/v1/units/{name}")]
    Task DeleteUnitAsync(string name, CancellationToken cancellationToken);
}
