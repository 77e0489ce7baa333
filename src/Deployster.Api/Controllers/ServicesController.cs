using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Api.OpenApi;
using Deployster.Application.Deploys;
using Deployster.Application.Services;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Deployster.Api.Controllers;

/// <summary>Services as a whole.</summary>
[Route("v1/services")]
[Tags("Services")]
public sealed class ServicesController(IMediator mediator, IMapper mapper) : DeploysterController(mediator, mapper)
{
    /// <summary>Lists every service with its running deploys.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet(Name = "listServices")]
    [Problems(StatusCodes.Status503ServiceUnavailable)]
    public async Task<ServiceList> List(CancellationToken cancellationToken)
    {
        var services = await Mediator.Send(new ListServices(), cancellationToken);
        return new ServiceList { Services = Show<List<ServiceResource>>(services) };
    }

    /// <summary>Changes the number of units of the running deploy.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="body">The wanted number of units.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpPut("{service}/instances", Name = "scaleService")]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)]
    public async Task<DeployResource> Scale(string service, ScaleRequest body, CancellationToken cancellationToken)
    {
        var details = await Mediator.Send(new ScaleService(service, body.InstanceCount, Requester), cancellationToken);
        return Show<DeployResource>(details);
    }

    /// <summary>Goes back to the deploy that succeeded before the running one.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="body">What the deploy that comes back cannot know. It may be left out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpPost("{service}/rollback", Name = "rollBackService")]
    [ProducesResponseType<DeployResource>(StatusCodes.Status201Created)]
    [Problems(StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)]
    public async Task<IActionResult> RollBack(
        string service, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] RollbackRequest? body, CancellationToken cancellationToken)
    {
        var details = await Mediator.Send(new RollBack(service, Requester) { Release = body?.Release == true, SecretEnv = body?.SecretEnv }, cancellationToken);
        return Created(DeployPath.Of(details.Record.DeployId), Show<DeployResource>(details));
    }
}
