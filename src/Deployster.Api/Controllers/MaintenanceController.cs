using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Api.OpenApi;
using Deployster.Application.Maintenances;
using Deployster.Application.Routing;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>Services that are closed for a while.</summary>
[Route("v1/services/{service}/maintenance")]
[Tags("Services")]
public sealed class MaintenanceController(IMediator mediator, IMapper mapper) : DeploysterController(mediator, mapper)
{
    /// <summary>Tells whether a service is closed for a while.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet(Name = "getMaintenance")]
    [Problems(StatusCodes.Status404NotFound)]
    public async Task<MaintenanceResource> Get(string service, CancellationToken cancellationToken) =>
        ToResource(await Mediator.Send(new FindMaintenance(service), cancellationToken));

    /// <summary>Closes a service for a while, or opens it again: the gateway answers its requests with 503 and a page. Its units run on, and are checked and replaced as ever.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="body">Whether it is closed, and what its page says.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpPut(Name = "setMaintenance")]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)]
    public async Task<MaintenanceResource> Set(string service, MaintenanceRequest body, CancellationToken cancellationToken) =>
        ToResource(await Mediator.Send(new SetMaintenance(service, body.Enabled, body.Message, body.RetryAfter), cancellationToken));

    /// <summary>Opens a service again.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpDelete(Name = "endMaintenance")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)]
    public async Task<IActionResult> End(string service, CancellationToken cancellationToken)
    {
        await Mediator.Send(new SetMaintenance(service, IsEnabled: false), cancellationToken);
        return NoContent();
    }

    private static MaintenanceResource ToResource(Maintenance? maintenance) => new()
    {
        Enabled = maintenance is not null,
        Message = maintenance?.Message,
        RetryAfter = (int?)maintenance?.RetryAfter?.TotalSeconds,
    };
}
