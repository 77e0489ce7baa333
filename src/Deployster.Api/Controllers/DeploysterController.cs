using AutoMapper;
using Deployster.Application.History;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>What all controllers share: they map, send, and map back.</summary>
[ApiController]
[Produces("application/json")]
public abstract class DeploysterController(IMediator mediator, IMapper mapper) : ControllerBase
{
    private protected IMediator Mediator { get; } = mediator;

    private protected IMapper Mapper { get; } = mapper;

    private protected Requester Requester =>
        new(User.Identity?.Name ?? "", HttpContext.Connection.RemoteIpAddress?.ToString());
}
