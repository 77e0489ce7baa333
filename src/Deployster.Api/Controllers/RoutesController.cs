using AutoMapper;
using Deployster.Api.Authentication;
using Deployster.Api.OpenApi;
using Deployster.Api.Streaming;
using Deployster.Application.Routing;
using Deployster.Gateway.Standalone;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>The routes that gateways follow.</summary>
[Route("v1/routes")]
[Tags("Routes")]
public sealed class RoutesController(IMediator mediator, IMapper mapper, IHostApplicationLifetime lifetime)
    : DeploysterController(mediator, mapper)
{
    /// <summary>Streams the table of routes as server-sent events: first the current table, then a new one after each change.</summary>
    /// <param name="gateway">The name of the gateway that follows the routes; only for users with the role deployer. Deployster waits until this gateway has drained a unit before it destroys the unit, at most for the drain timeout.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    [HttpGet(Name = "followRoutes")]
    [Produces("text/event-stream", "application/problem+json")]
    [AlsoProduces("text/event-stream", typeof(Stream), "The tables of routes, each as an event with a RoutesDocument as data.", EventType = typeof(RoutesDocument))]
    [Problems(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound)]
    public async Task<IActionResult> Follow([FromQuery] string? gateway, CancellationToken cancellationToken)
    {
        if (gateway is not null && !User.IsInRole(Roles.Deployer))
        {
            // Rollouts wait for gateways: whoever is one can hold them up.
            await Results.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                detail: $"{User.Identity?.Name} may follow the routes only without ?gateway: a gateway needs the role {Roles.Deployer}.")
                .ExecuteAsync(HttpContext);
            return new EmptyResult();
        }

        using var open = lifetime.UntilStopping(cancellationToken);
        var tables = await Mediator.Send(new FollowRoutes(gateway), open.Token);
        await EventStream.WriteAsync(HttpContext, tables, open.Token);
        return new EmptyResult();
    }

    /// <summary>Reports that a gateway has drained a unit: it has no requests there, and will send none.</summary>
    /// <param name="gateway">The gateway's name.</param>
    /// <param name="body">The unit, and the version of the table in which it is draining.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpPost("{gateway}/drained", Name = "tellDrained")]
    [Problems(StatusCodes.Status404NotFound)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Drained(string gateway, DrainedBody body, CancellationToken cancellationToken)
    {
        await Mediator.Send(new TellDrained(gateway, body.Unit, body.Version), cancellationToken);
        return NoContent();
    }
}
