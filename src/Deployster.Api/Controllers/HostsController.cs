using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Api.OpenApi;
using Deployster.Application.Hosts;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>The host names that the gateway routes by.</summary>
[Route("v1/hosts")]
[Tags("Routes")]
public sealed class HostsController(IMediator mediator, IMapper mapper) : DeploysterController(mediator, mapper)
{
    /// <summary>Lists every host name that the gateway routes by, with its certificate.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet(Name = "listHosts")]
    [Problems(StatusCodes.Status404NotFound)]
    public async Task<HostList> List(CancellationToken cancellationToken)
    {
        var hosts = await Mediator.Send(new ListHosts(), cancellationToken);
        return new HostList
        {
            Hosts = [.. hosts.Select(host => new HostResource
            {
                Host = host.Host,
                PathPrefix = host.PathPrefix?.Value,
                Service = host.Service.Value,
                Certificate = host.Certificate is { } certificate
                    ? new CertificateResource { Names = certificate.Names, NotAfter = certificate.NotAfter }
                    : null,
            })],
        };
    }
}
