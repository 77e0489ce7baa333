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

    // Without binding of parameters: what would have to be compiled for it at every start takes longer than the pages.
    public static void MapStatusPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", ShowOverviewAsync);
        app.MapGet("/services/{service}/deploys/{version}", ShowDeployAsync);
        app.MapGet("/tasks/{id}", ShowTaskAsync);
        foreach (var (name, type) in s_types)
        {
            app.MapGet($"/pages/{name}", context =>
                Results.Stream(typeof(StatusPages).Assembly.GetManifestResourceStream(name)!, type).ExecuteAsync(context));
        }
    }

    private static Task ShowOverviewAsync(HttpContext context) => ShowAsync(context, "Deployster", async mediator =>
    {
        var services = await mediator.Send(new ListServices(), context.RequestAborted);
        var deploys = await OrNullAsync(async () =>
            (await mediator.Send(new ListDeploys(null, null, DeploysShown), context.RequestAborted)).Deploys);
        var tasks = await OrNullAsync(async () =>
            (await mediator.Send(new ListTasks(null, null, TasksShown), context.RequestAborted)).Tasks);
        return OverviewPage.Render(services, deploys, tasks ?? []);
    });

    private static Task ShowDeployAsync(HttpContext context)
    {
        var (service, version) = (ReadPart(context, "service"), ReadPart(context, "version"));
        string? timestamp = context.Request.Query["timestamp"];
        return ShowAsync(context, $"{service}:{version}", async mediator =>
        {
            var details = await mediator.Send(new GetDeploy(service, version, timestamp), context.RequestAborted);
            return DeployView.Render(
                details,
                details.Record.Status == DeployStatus.InProgress ? null : await ReadEventsAsync(mediator, details.Record, context.RequestAborted));
        });
    }

    private static Task ShowTaskAsync(HttpContext context)
    {
        var id = ReadPart(context, "id");
        return ShowAsync(context, $"Task {id}", async mediator => TaskView.Render(await mediator.Send(new GetTask(id), context.RequestAborted)));
    }

    private static string ReadPart(HttpContext context, string name) => (string)context.GetRouteValue(name)!;

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

    private static async Task ShowAsync(HttpContext context, string title, Func<IMediator, Task<Html>> render)
    {
        var mediator = context.RequestServices.GetRequiredService<IMediator>();
        var fleet = context.RequestServices.GetRequiredService<IFleetClient>();
        var (status, content) = await TryAsync(() => render(mediator));
        await Results.Content(Layout.Render(title, fleet.Traits.Kind, content).Markup, "text/html; charset=utf-8", statusCode: status)
            .ExecuteAsync(context);
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
