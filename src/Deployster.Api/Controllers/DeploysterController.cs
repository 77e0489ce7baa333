using AutoMapper;
using Deployster.Api.Authentication;
using Deployster.Api.Mapping;
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

    /// <summary>A result as whoever asks may see it: a reader sees no values of environment variables.</summary>
    private protected T Show<T>(object result) => Mapper.Map<T>(result, options =>
    {
        if (User.IsInRole(Roles.Deployer))
        {
            options.Items[ContractProfile.ShowsValues] = true;
        }
    });

    private protected Requester Requester =>
        new(User.Identity?.Name ?? "", HttpContext.Connection.RemoteIpAddress?.ToString());
}
