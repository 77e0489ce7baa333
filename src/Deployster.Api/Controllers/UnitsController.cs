using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Api.Mapping;
using Deployster.Api.OpenApi;
using Deployster.Api.Streaming;
using Deployster.Application.Units;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>Units.</summary>
[Route("v1/services/{service}/units")]
[Tags("Units")]
public sealed class UnitsController(IMediator mediator, IMapper mapper, UnitLists lists, IHostApplicationLifetime lifetime)
    : DeploysterController(mediator, mapper)
{
    /// <summary>Lists the units of a service with their states.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet(Name = "listUnits")]
    [Problems(StatusCodes.Status503ServiceUnavailable)]
    public async Task<ActionResult<UnitList>> List(string service, CancellationToken cancellationToken) =>
        lists.Write(await Mediator.Send(new ListUnits(service), cancellationToken));

    /// <summary>Gives the output of a unit. On a Fleet cluster the answer is 501.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="unit">The unit's name, or the number of an instance of the running deploy.</param>
    /// <param name="follow">Also stream new output, until the unit is destroyed.</param>
    /// <param name="tail">How many of the last lines to give. Without it, all lines are given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet("{unit}/logs", Name = "readUnitLog")]
    [AlsoProduces("text/plain", typeof(string), "What the unit has written, byte for byte.")]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status501NotImplemented, StatusCodes.Status503ServiceUnavailable)]
    public async Task<IActionResult> Log(
        string service, string unit, [FromQuery] bool follow, [FromQuery] int? tail, CancellationToken cancellationToken)
    {
        using var open = lifetime.UntilStopping(cancellationToken);
        using var log = await Mediator.Send(new ReadUnitLog(service, unit, tail, follow), open.Token);
        await LogResponse.WriteAsync(HttpContext, log, open.Token);
        return new EmptyResult();
    }
}
