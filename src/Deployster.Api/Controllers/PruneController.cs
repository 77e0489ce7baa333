using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Api.OpenApi;
using Deployster.Application.Pruning;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>What deploys leave on the machine.</summary>
[Route("v1/prune")]
[Tags("Prune")]
public sealed class PruneController(IMediator mediator, IMapper mapper) : DeploysterController(mediator, mapper)
{
    /// <summary>Removes images that no deploy of this server needs any more, and left-over stopped containers of units and tasks.</summary>
    /// <param name="dryRun">Answer with what would be removed, but do not remove it.</param>
    /// <param name="cancellationToken">Ends the wait; the removal goes on.</param>
    [HttpPost(Name = "prune")]
    [Problems(StatusCodes.Status501NotImplemented, StatusCodes.Status503ServiceUnavailable)]
    public async Task<PruneResource> Prune([FromQuery(Name = "dry_run")] bool dryRun, CancellationToken cancellationToken)
    {
        var result = await Mediator.Send(new Prune(dryRun), cancellationToken);
        return new PruneResource { Images = result.Images, Containers = result.Containers, FreedBytes = result.FreedBytes };
    }
}
