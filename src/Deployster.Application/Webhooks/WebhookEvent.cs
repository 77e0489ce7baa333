using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;

namespace Deployster.Application.Webhooks;

/// <summary>Something that receivers are told: of a deploy, or of a task.</summary>
public sealed record WebhookEvent
{
    private WebhookEvent(string name, DateTimeOffset time, string text) => (Name, Time, Text) = (name, time, text);

    /// <summary>Its name, one of <see cref="WebhookNames"/>.</summary>
    public string Name { get; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>What happened, for people.</summary>
    public string Text { get; }

    /// <summary>The deploy as it was then; null where it is about a task.</summary>
    public DeployRecord? Deploy { get; private init; }

    /// <summary>The task as it was then; null where it is about a deploy.</summary>
    public TaskRecord? Task { get; private init; }

    /// <summary>The service.</summary>
    public ServiceName Service => Deploy?.DeployId.Service ?? Task!.Service;

    /// <summary>What tells it from all other events, also from those of another process.</summary>
    public string Identity => Task is not null
        ? $"{Name} {Task.Id}"
        : $"{Name} {Deploy!.DeployId} {Deploy.Intention.RequestedAt.UtcTicks}";

    /// <summary>An event of a deploy.</summary>
    public static WebhookEvent Of(string name, DateTimeOffset time, DeployRecord deploy) =>
        new(name, time, WebhookText.Of(name, deploy)) { Deploy = deploy };

    /// <summary>An event of a task.</summary>
    public static WebhookEvent Of(string name, DateTimeOffset time, TaskRecord task) =>
        new(name, time, WebhookText.Of(task)) { Task = task };
}
