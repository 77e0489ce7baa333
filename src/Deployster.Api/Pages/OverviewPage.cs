using Deployster.Application.History;
using Deployster.Application.Services;
using Deployster.Application.Tasks;

namespace Deployster.Api.Pages;

/// <summary>All services, what runs of them, and what was deployed last.</summary>
internal static class OverviewPage
{
    public static Html Render(
        IReadOnlyList<ServiceSummary> services, IReadOnlyList<DeployRecord>? deploys, IReadOnlyList<TaskRecord> tasks) => Html.Of(
        $"""
        <h1>Services</h1>
        {(services.Count == 0 ? Html.Of($"""<p class="none">Nothing is deployed yet.</p>""") : Html.Each(services, Service))}
        <h2>Last deploys</h2>
        {(deploys is null ? Html.Of($"""<p class="none">The history cannot be read at the moment.</p>""")
            : deploys.Count == 0 ? Html.Of($"""<p class="none">None yet.</p>""") : Deploys(deploys))}
        {(tasks.Count == 0 ? default : Tasks(tasks))}
        """);

    private static Html Service(ServiceSummary service) => Html.Of(
        $"""
        <section class="service" aria-labelledby="service-{service.Name}">
        <h2 id="service-{service.Name}">{service.Name}</h2>
        <ul class="versions">{Html.Each(service.Deploys, deploy => Html.Of(
            $"""<li><a href="{Parts.PathOf(deploy.DeployId)}">{deploy.DeployId.Version}</a> {deploy.HealthyCount} of {deploy.UnitCount} healthy</li>"""))}</ul>
        {Rollout(service)}
        {Parts.Units(service.Units)}
        </section>
        """);

    private static Html Rollout(ServiceSummary service) => service.UnderWayId is not { } deployId
        ? default
        : Html.Of(
            $"""
            <div class="rollout">
            <p><span class="badge in_progress">rollout</span> <a href="{Parts.PathOf(deployId)}">{deployId.Version}</a> <small>{deployId.Timestamp}</small></p>
            {Parts.LiveEvents(deployId)}
            </div>
            """);

    private static Html Deploys(IReadOnlyList<DeployRecord> deploys) => Html.Of(
        $"""
        <table>
        <thead><tr><th scope="col">Deploy</th><th scope="col">Outcome</th><th scope="col">Asked for (UTC)</th><th scope="col">Reason</th></tr></thead>
        <tbody>{Html.Each(deploys, Deploy)}</tbody>
        </table>
        """);

    private static Html Deploy(DeployRecord record) => Html.Of(
        $"""
        <tr><td data-label="Deploy"><a href="{Parts.PathOf(record.DeployId)}">{record.DeployId.Service}:{record.DeployId.Version}</a></td>
        <td data-label="Outcome">{Parts.Status(record.Status)}</td>
        <td data-label="Asked for">{Parts.Time(record.Intention.RequestedAt)}{Parts.By(record.Requester)}</td>
        <td data-label="Reason">{record.Message?.Split('\n')[0]}</td></tr>
        """);

    private static Html Tasks(IReadOnlyList<TaskRecord> tasks) => Html.Of(
        $"""
        <h2>Last tasks</h2>
        <table>
        <thead><tr><th scope="col">Task</th><th scope="col">Outcome</th><th scope="col">Asked for (UTC)</th><th scope="col">Exit</th></tr></thead>
        <tbody>{Html.Each(tasks, Task)}</tbody>
        </table>
        """);

    private static Html Task(TaskRecord task) => Html.Of(
        $"""
        <tr><td data-label="Task"><a href="{Parts.PathOf(task.Id)}">{task.Service}: {string.Join(' ', task.Command)}</a></td>
        <td data-label="Outcome">{Parts.Status(task.Status)}</td>
        <td data-label="Asked for">{Parts.Time(task.RequestedAt)}{Parts.By(task.Requester)}</td>
        <td data-label="Exit">{task.End?.ToString()}</td></tr>
        """);
}
