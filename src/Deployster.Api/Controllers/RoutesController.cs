using AutoMapper;
using Deployster.Api.Authentication;
using Deployster.Api.OpenApi;
using Deployster.Api.Streaming;
using Deployster.Application.Routing;
using Deployster.Gateway.Standalone;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>Routes, as gateways follow them.</summary>
[Route("v1/routes")]
[Tags("Routes")]
public sealed class RoutesController(IMediator mediator, IMapper mapper, IHostApplicationLifetime lifetime)
    : DeploysterController(mediator, mapper)
{
    /// <summary>Tells, as server-sent events, where requests go, and again whenever that has changed.</summary>
    /// <param name="gateway">The name of the gateway that follows, for users with the role deployer: no unit is destroyed that it has not drained, as long as it may.</param>
    /// <param name="cancellationToken">Ends it.</param>
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

    /// <summary>Tells that a gateway has drained a unit: it has no request there, and will send none.</summary>
    /// <param name="gateway">The gateway's name.</param>
    /// <param name="body">The unit, and the version of the table by which it is draining.</param>
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
