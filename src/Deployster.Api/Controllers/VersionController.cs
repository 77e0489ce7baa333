using System.Reflection;
using Deployster.Api.Contracts;
using Deployster.Application.Fleet;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>The version of this server.</summary>
[ApiController]
[Route("v1/version")]
[Produces("application/json")]
[Tags("Version")]
public sealed class VersionController(IFleetClient fleet) : ControllerBase
{
    /// <summary>Gets Deployster's version and the kind of fleet that it drives.</summary>
    [HttpGet(Name = "getVersion")]
    public VersionResource Get() => new()
    {
        Version = typeof(VersionController).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        Fleet = fleet.Traits.Kind,
    };
}
