using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Api.OpenApi;
using Deployster.Application.Units;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>Units.</summary>
[Route("v1/services/{service}/units")]
[Tags("Units")]
public sealed class UnitsController(IMediator mediator, IMapper mapper) : DeploysterController(mediator, mapper)
{
    /// <summary>Lists the units of a service with their states.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet(Name = "listUnits")]
    [Problems(StatusCodes.Status503ServiceUnavailable)]
    public async Task<UnitList> List(string service, CancellationToken cancellationToken)
    {
        var units = await Mediator.Send(new ListUnits(service), cancellationToken);
        return new UnitList { Units = Mapper.Map<List<UnitResource>>(units) };
    }
}
