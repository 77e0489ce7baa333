using System.Text.Json;
using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Tasks;
using Deployster.Domain.Units;

namespace Deployster.Api.Pages;

/// <summary>What pages are made of.</summary>
internal static class Parts
{
    private static readonly string s_kinds = string.Join(' ', Enum.GetNames<RolloutEventKind>().Select(InWords));

    /// <summary>Where a deploy's page is.</summary>
    public static string PathOf(DeployId deployId) =>
        $"/services/{deployId.Service}/deploys/{deployId.Version}?timestamp={deployId.Timestamp}";

    /// <summary>Where a task's page is.</summary>
    public static string PathOf(TaskId task) => $"/tasks/{task}";

    /// <summary>Where a task's output is in the API.</summary>
    public static string OutputPathOf(TaskId task) => $"/v1/tasks/{task}/output";

    /// <summary>Who asked for something.</summary>
    public static Html By(Requester? requester) => requester is null ? default : Html.Of($""" <small>by {requester.User}</small>""");

    /// <summary>A status as a coloured word.</summary>
    public static Html Status(Enum status)
    {
        var word = InWords(status.ToString());
        return Html.Of($"""<span class="badge {word}">{word.Replace('_', ' ')}</span>""");
    }

    public static Html Time(DateTimeOffset time) => Html.Of(
        $"""<time datetime="{time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}">{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}</time>""");

    /// <summary>The table of units; on a narrow screen each becomes a card.</summary>
    public static Html Units(IReadOnlyList<Unit> units) => units.Count == 0
        ? Html.Of($"""<p class="none">No units.</p>""")
        : Html.Of(
            $"""
            <table>
            <thead><tr><th scope="col">Version</th><th scope="col">Instance</th><th scope="col">State</th><th scope="col">Machine</th></tr></thead>
            <tbody>{Html.Each(units, Row)}</tbody>
            </table>
            """);

    /// <summary>The list that a rollout's events are added to while it is under way.</summary>
    public static Html LiveEvents(DeployId deployId) => Html.Of(
        $"""<ol class="events" aria-live="polite" aria-label="Events of {deployId.Service}:{deployId.Version}" data-events="{DeployPath.EventsOf(deployId)}" data-kinds="{s_kinds}"></ol>""");

    /// <summary>The list of events of a rollout that has ended.</summary>
    public static Html Events(IEnumerable<DeployEvent> events) => Html.Of(
        $"""
        <ol class="events">{Html.Each(events, happened => Html.Of(
            $"""<li><time datetime="{happened.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}">{happened.Time.UtcDateTime:HH:mm:ss}</time><span>{happened.Happened.Message}</span></li>"""))}</ol>
        """);

    private static string InWords(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static Html Row(Unit unit) => Html.Of(
        $"""
        <tr><td data-label="Version">{unit.Name.DeployId.Version} <small>{unit.Name.DeployId.Timestamp}</small></td>
        <td data-label="Instance">{unit.Name.Instance}</td>
        <td data-label="State">{State(unit)}</td>
        <td data-label="Machine"><span class="machine">{unit.Endpoint ?? unit.MachineId ?? "none yet"}</span></td></tr>
        """);

    private static Html State(Unit unit)
    {
        var badge = unit.Phase switch
        {
            Phase.Healthy => "succeeded",
            Phase.Failed => "failed",
            Phase.Waiting => "",
            _ => "in_progress",
        };
        return Html.Of($"""<span class="badge {badge}">{InWords(unit.Phase.ToString())}</span>{Detail(unit.Detail)}""");
    }

    private static Html Detail(string? detail) => detail is null ? default : Html.Of($""" <small>{detail}</small>""");
}
