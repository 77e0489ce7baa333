using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Domain.Rollouts;

namespace Deployster.Application.Webhooks;

/// <summary>
/// What receivers are told, and when: an event is a change from what was written down before. Whoever writes it down makes
/// its deliveries in the same transaction, so that none is lost and none is made twice, whenever the process ends.
/// </summary>
public static class WebhookRules
{
    /// <summary>For how long a delivery is tried. What happened longer ago is no news, and nobody is told.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>The events of a deploy that is to be written down.</summary>
    /// <param name="before">How far it had come, as it was written down before; null where it was not.</param>
    /// <param name="deploy">The deploy as it is now.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<WebhookEvent> Of(DeployStatus? before, DeployRecord deploy, DateTimeOffset now)
    {
        var requestedAt = deploy.Intention.RequestedAt;
        if (before is null && IsNews(requestedAt, now))
        {
            var begun = deploy with { Status = DeployStatus.InProgress, Message = null, EndedAt = null, UnitCount = null };
            yield return WebhookEvent.Of(WebhookNames.DeployRequested, requestedAt, begun);
        }

        if ((before is not { } known || WebhookNames.OfEnd(known) is null)
            && WebhookNames.OfEnd(deploy.Status) is { } name
            && deploy.EndedAt is { } endedAt
            && IsNews(endedAt, now))
        {
            yield return WebhookEvent.Of(name, endedAt, deploy);
        }
    }

    /// <summary>The events of a task that is to be written down.</summary>
    /// <param name="hadEnded">Whether its end was written down before.</param>
    /// <param name="task">The task as it is now.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<WebhookEvent> Of(bool hadEnded, TaskRecord task, DateTimeOffset now)
    {
        if (!hadEnded && task is { End: not null, EndedAt: { } endedAt } && IsNews(endedAt, now))
        {
            yield return WebhookEvent.Of(WebhookNames.TaskEnded, endedAt, task);
        }
    }

    // A deploy whose record was lost is written down anew when it is scaled, a month later.
    private static bool IsNews(DateTimeOffset time, DateTimeOffset now) => time > now - Patience;
}
