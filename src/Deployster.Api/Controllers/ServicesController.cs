using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Application.Deploys;
using Deployster.Application.Services;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>Services as a whole.</summary>
[Route("v1/services")]
[Tags("Services")]
public sealed class ServicesController(IMediator mediator, IMapper mapper) : DeploysterController(mediator, mapper)
{
    /// <summary>Lists every service with what runs of it.</summary>
    [HttpGet(Name = "listServices")]
    public async Task<ServiceList> List(CancellationToken cancellationToken)
    {
        var services = await Mediator.Send(new ListServices(), cancellationToken);
        return new ServiceList { Services = Mapper.Map<List<ServiceResource>>(services) };
    }

    /// <summary>Changes the number of units of the deploy that runs.</summary>
    [HttpPut("{service}/instances", Name = "scaleService")]
    public async Task<DeployResource> Scale(string service, ScaleRequest body, CancellationToken cancellationToken)
    {
        var details = await Mediator.Send(new ScaleService(service, body.InstanceCount, Requester), cancellationToken);
        return Mapper.Map<DeployResource>(details);
    }

    /// <summary>Deploys the version that succeeded before the one that runs, in its place.</summary>
    [HttpPost("{service}/rollback", Name = "rollBackService")]
    [ProducesResponseType<DeployResource>(StatusCodes.Status201Created)]
    public async Task<IActionResult> RollBack(string service, CancellationToken cancellationToken)
    {
        var details = await Mediator.Send(new RollBack(service, Requester), cancellationToken);
        return Created(DeployPath.Of(details.Record.Deploy), Mapper.Map<DeployResource>(details));
    }
}
