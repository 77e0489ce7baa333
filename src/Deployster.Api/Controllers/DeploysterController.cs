using AutoMapper;
using Deployster.Application.History;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>The base class of the controllers: it maps requests to commands, sends them, and maps the results back.</summary>
[ApiController]
[Produces("application/json")]
public abstract class DeploysterController(IMediator mediator, IMapper mapper) : ControllerBase
{
    private protected IMediator Mediator { get; } = mediator;

    private protected IMapper Mapper { get; } = mapper;

    private protected Requester Requester =>
        new(User.Identity?.Name ?? "", HttpContext.Connection.RemoteIpAddress?.ToString());
}
