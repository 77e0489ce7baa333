using System.Globalization;
using Deployster.Application.Deploys;
using Deployster.Application.History;
using Deployster.Domain.Rollouts;

namespace Deployster.Api.Pages;

/// <summary>The page of one deploy.</summary>
internal static class DeployView
{
    /// <param name="details">The deploy.</param>
    /// <param name="events">What happened to it; null while its rollout is under way.</param>
    public static Html Render(DeployDetails details, IReadOnlyList<DeployEvent>? events)
    {
        var record = details.Record;
        return Html.Of(
            $"""
            <h1>{record.DeployId.Service}:{record.DeployId.Version}</h1>
            <p>{Parts.Status(record.Status)} <small>{record.DeployId.Timestamp}</small></p>
            {Message(record)}
            <dl>{Html.Each(Facts(record), fact => Html.Of($"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>"))}</dl>
            <h2>Units</h2>
            {Parts.Units(details.Units)}
            <h2>Events</h2>
            {(events is null ? Parts.LiveEvents(record.DeployId) : Parts.Events(events))}
            """);
    }

    private static Html Message(DeployRecord record) => record.Message is null || record.Status == DeployStatus.Succeeded
        ? default
        : Html.Of($"""<pre class="reason" tabindex="0">{record.Message}</pre>""");

    private static IEnumerable<(string Name, string Value)> Facts(DeployRecord record)
    {
        yield return ("Image", record.Intention.Image);
        yield return ("Instances", record.Intention.Spec.InstanceCount.ToString(CultureInfo.InvariantCulture));
        yield return ("Asked for", InWords(record.Intention.RequestedAt) + (record.Requester is { } by ? $" by {by.User} from {by.Address}" : ""));
        if (record.EndedAt is { } end)
        {
            yield return ("Ended", InWords(end));
        }

        if (!record.Intention.Replaces.IsEmpty)
        {
            yield return ("Replaces", string.Join(", ", record.Intention.Replaces.Select(old => $"{old.UnitCount} × {old.Version}")));
        }
    }

    private static string InWords(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
