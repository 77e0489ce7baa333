using System.Globalization;
using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Api.OpenApi;
using Deployster.Api.Streaming;
using Deployster.Application.Deploys;
using Deployster.Domain.Specs;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>Deploys.</summary>
[Route("v1/services/{service}/deploys")]
[Tags("Deploys")]
public sealed class DeploysController(IMediator mediator, IMapper mapper, IHostApplicationLifetime lifetime)
    : DeploysterController(mediator, mapper)
{
    /// <summary>Deploys a version of a service.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="body">The deploy.</param>
    /// <param name="follow">Answer with a line for each event as it happens, until the rollout ends.</param>
    /// <param name="dryRun">Answer with what the deploy would do, but do not deploy.</param>
    /// <param name="cancellationToken">Ends the wait; the rollout goes on.</param>
    [HttpPost(Name = "deployVersion")]
    [ProducesResponseType<DeployResource>(StatusCodes.Status201Created)]
    [AlsoProduces("application/json", typeof(PreviewResource), "200 with dry_run: what the deploy would do.")]
    [AlsoProduces("text/plain", typeof(string), "200 with follow: a line for each event as it happens; the last begins with Deployed or Failed.")]
    [Problems(StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)]
    public async Task<IActionResult> Deploy(
        string service,
        DeployRequest body,
        [FromQuery] bool follow,
        [FromQuery(Name = "dry_run")] bool dryRun,
        CancellationToken cancellationToken)
    {
        var command = new DeployVersion
        {
            Service = service,
            Version = body.Deploy.Version,
            Timestamp = body.Deploy.Timestamp,
            DestroyPrevious = body.Deploy.DestroyPrevious,
            Spec = new SpecChanges(body.Deploy.Spec, body.Deploy.Clear),
            Requester = Requester,
        };
        if (dryRun)
        {
            return Ok(Show<PreviewResource>(await Mediator.Send(new PreviewDeploy(command), cancellationToken)));
        }

        var details = await Mediator.Send(command, cancellationToken);
        var deployId = details.Record.DeployId;
        if (!follow)
        {
            return Created(DeployPath.Of(deployId), Show<DeployResource>(details));
        }

        using var open = lifetime.UntilStopping(cancellationToken);
        var events = await Mediator.Send(
            new FollowDeploy(service, deployId.Version.Value, deployId.Timestamp.ToString(), 0), open.Token);
        await EventLines.WriteAsync(HttpContext, events, open.Token);
        return new EmptyResult();
    }

    /// <summary>Lists the deploys of a service, newest first.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="cursor">Where to begin: the <c>next_cursor</c> of the previous page.</param>
    /// <param name="limit">The size of a page, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet(Name = "listDeploys")]
    [Problems(StatusCodes.Status503ServiceUnavailable)]
    public async Task<DeployList> List(
        string service, [FromQuery] string? cursor, [FromQuery] int limit = 50, CancellationToken cancellationToken = default)
    {
        var page = await Mediator.Send(new ListDeploys(service, cursor, limit), cancellationToken);
        return new DeployList { Deploys = Show<List<DeployResource>>(page.Deploys), NextCursor = page.NextCursor };
    }

    /// <summary>Gets a deploy and its current state.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="version">The version.</param>
    /// <param name="timestamp">The timestamp of the deploy. Without it, the newest deploy of the version is used.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet("{version}", Name = "getDeploy")]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)]
    public async Task<DeployResource> Get(
        string service, string version, [FromQuery] string? timestamp, CancellationToken cancellationToken) =>
        Show<DeployResource>(await Mediator.Send(new GetDeploy(service, version, timestamp), cancellationToken));

    /// <summary>Streams the past and then the new events of a deploy as server-sent events, until its rollout ends.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="version">The version.</param>
    /// <param name="timestamp">The timestamp of the deploy. Without it, the newest deploy of the version is used.</param>
    /// <param name="lastEventId">The number of the last event that the client has received.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet("{version}/events", Name = "followDeploy")]
    [Produces("text/event-stream", "application/problem+json")]
    [AlsoProduces("text/event-stream", typeof(Stream), "The events, each with its number as id, its kind as event and an EventResource as data.", EventType = typeof(EventResource))]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)]
    public async Task<IActionResult> Events(
        string service,
        string version,
        [FromQuery] string? timestamp,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        CancellationToken cancellationToken)
    {
        // What is no number of ours is nobody's last event: everything is told.
        _ = long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var after);
        using var open = lifetime.UntilStopping(cancellationToken);
        var events = await Mediator.Send(new FollowDeploy(service, version, timestamp, after), open.Token);
        await EventStream.WriteAsync(HttpContext, events, Mapper, open.Token);
        return new EmptyResult();
    }

    /// <summary>Promotes the canary of a deploy: its rollout goes on.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="version">The version.</param>
    /// <param name="timestamp">The timestamp of the deploy. Without it, the newest deploy of the version is used.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpPost("{version}/promote", Name = "promoteDeploy")]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)]
    public async Task<DeployResource> Promote(
        string service, string version, [FromQuery] string? timestamp, CancellationToken cancellationToken) =>
        Mapper.Map<DeployResource>(await Mediator.Send(new PromoteDeploy(service, version, timestamp, Requester), cancellationToken));

    /// <summary>Destroys the units of a version. If its rollout is in progress, the rollout is cancelled instead.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="version">The version.</param>
    /// <param name="timestamp">The timestamp of the deploy. Without it, all deploys of the version are meant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpDelete("{version}", Name = "destroyVersion")]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Destroy(
        string service, string version, [FromQuery] string? timestamp, CancellationToken cancellationToken)
    {
        await Mediator.Send(new DestroyVersion(service, version, timestamp, Requester), cancellationToken);
        return NoContent();
    }
}
