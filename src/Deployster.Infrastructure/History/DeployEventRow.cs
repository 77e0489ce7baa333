using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;

namespace Deployster.Infrastructure.History;

/// <summary>Something that happened to a deploy, as the file has it.</summary>
internal sealed record DeployEventRow
{
    public long DeployId { get; init; }

    /// <summary>Its number among the deploy's events.</summary>
    public long Id { get; init; }

    public long Time { get; init; }

    public required string Kind { get; init; }

    public required string Message { get; init; }

    public string? Unit { get; init; }

    public static DeployEventRow Of(long deployId, DeployEvent happened) => new()
    {
        DeployId = deployId,
        Id = happened.Id,
        Time = happened.Time.UtcTicks,
        Kind = happened.Happened.Kind.ToString(),
        Message = happened.Happened.Message,
        Unit = happened.Happened.Unit?.ToString(),
    };

    /// <summary>The event; null where it is none that this version can read.</summary>
    public DeployEvent? Read() =>
        Enum.TryParse<RolloutEventKind>(Kind, out var kind)
            ? new DeployEvent(
                Id,
                new DateTimeOffset(Time, TimeSpan.Zero),
                new RolloutEvent(kind, Message, UnitName.TryParse(Unit, out var unit) ? unit : null))
            : null;
}
