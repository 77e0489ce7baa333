using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Services;
using Deployster.Application.Tasks;
using Deployster.Domain.Rollouts;
using FluentValidation;
using MediatR;

namespace Deployster.Api.Pages;

/// <summary>The pages for a person at a browser: they show and change nothing.</summary>
internal static class StatusPages
{
    private const int DeploysShown = 20;
    private const int TasksShown = 20;

    private static readonly Dictionary<string, string> s_types = new()
    {
        ["status.css"] = "text/css; charset=utf-8",
        ["status.js"] = "text/javascript; charset=utf-8",
        ["icon.svg"] = "image/svg+xml",
    };

    public static void MapStatusPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", ShowOverviewAsync);
        app.MapGet("/services/{service}/deploys/{version}", ShowDeployAsync);
        app.MapGet("/tasks/{id}", ShowTaskAsync);
        foreach (var (name, type) in s_types)
        {
            app.MapGet($"/pages/{name}", () => Results.Stream(typeof(StatusPages).Assembly.GetManifestResourceStream(name)!, type));
        }
    }

    private static async Task<IResult> ShowOverviewAsync(IMediator mediator, IFleetClient fleet, CancellationToken cancellationToken) =>
        await ShowAsync("Deployster", fleet, async () =>
        {
            var services = await mediator.Send(new ListServices(), cancellationToken);
            var deploys = await OrNullAsync(async () =>
                (await mediator.Send(new ListDeploys(null, null, DeploysShown), cancellationToken)).Deploys);
            var tasks = await OrNullAsync(async () =>
                (await mediator.Send(new ListTasks(null, null, TasksShown), cancellationToken)).Tasks);
            return OverviewPage.Render(services, deploys, tasks ?? []);
        });

    private static async Task<IResult> ShowDeployAsync(
        string service, string version, string? timestamp, IMediator mediator, IFleetClient fleet, CancellationToken cancellationToken) =>
        await ShowAsync($"{service}:{version}", fleet, async () =>
        {
            var details = await mediator.Send(new GetDeploy(service, version, timestamp), cancellationToken);
            return DeployView.Render(
                details,
                details.Record.Status == DeployStatus.InProgress ? null : await ReadEventsAsync(mediator, details.Record, cancellationToken));
        });

    private static async Task<IResult> ShowTaskAsync(
        string id, IMediator mediator, IFleetClient fleet, CancellationToken cancellationToken) =>
        await ShowAsync($"Task {id}", fleet, async () => TaskView.Render(await mediator.Send(new GetTask(id), cancellationToken)));

    // The fleet tells most of it: a page need not fail with the history.
    private static async Task<T?> OrNullAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (HistoryUnavailableException)
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<DeployEvent>> ReadEventsAsync(
        IMediator mediator, DeployRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var deployId = record.DeployId;
            var events = await mediator.Send(
                new FollowDeploy(deployId.Service.Value, deployId.Version.Value, deployId.Timestamp.ToString(), 0), cancellationToken);
            return await events.ToListAsync(cancellationToken);
        }
        catch (Exception e) when (e is NotFoundException or HistoryUnavailableException)
        {
            // Its units are all that is known of it.
            return [];
        }
    }

    private static async Task<IResult> ShowAsync(string title, IFleetClient fleet, Func<Task<Html>> render)
    {
        var (status, content) = await TryAsync(render);
        return Results.Content(Layout.Render(title, fleet.Traits.Kind, content).Markup, "text/html; charset=utf-8", statusCode: status);
    }

    private static async Task<(int Status, Html Content)> TryAsync(Func<Task<Html>> render)
    {
        try
        {
            return (StatusCodes.Status200OK, await render());
        }
        catch (Exception e) when (e is NotFoundException or ValidationException)
        {
            return (StatusCodes.Status404NotFound, Html.Of($"<h1>Not found</h1><p>There is nothing of that name.</p>"));
        }
        catch (Exception e) when (e is FleetUnavailableException or HistoryUnavailableException)
        {
            return (StatusCodes.Status503ServiceUnavailable, Html.Of($"""<h1>No answer</h1><p class="reason">{e.Message}</p>"""));
        }
    }
}
