using System.Collections.Immutable;
using Deployster.Domain.Specs.Fields;

namespace Deployster.Domain.Specs;

/// <summary>The fields of the timeouts.</summary>
internal static class TimeoutsFields
{
    private const int Longest = 24 * 60 * 60;

    private static readonly ImmutableArray<Field<Timeouts>> s_all =
    [
        new Field<Timeouts, TimeSpan>
        {
            Name = "response",
            Option = "ResponseTimeout",
            Type = new Seconds(1, Longest),
            Get = timeouts => timeouts.Response,
            Set = (timeouts, time) => timeouts with { Response = time },
            InRequest = $"Seconds from the end of a request until the head of its answer, {{limits}}; by default {Timeouts.Default.Response.TotalSeconds}.",
            InAnswer = "Seconds from the end of a request until the head of its answer.",
        },
        new Field<Timeouts, TimeSpan?>
        {
            Name = "idle",
            Option = "IdleTimeout",
            Type = new SecondsOrNone(1, Longest),
            Get = timeouts => timeouts.Idle,
            Set = (timeouts, time) => timeouts with { Idle = time },
            InRequest = $"Seconds between two pieces of a body or a WebSocket, {{limits}}; null for no limit, by default {Timeouts.Default.Idle!.Value.TotalSeconds}.",
            InAnswer = "Seconds between two pieces of a body or a WebSocket; null for no limit.",
            IsNullable = true,
            TakesNull = true,
        },
    ];

    public static Group<Timeouts> Group { get; } =
        new("Timeouts", "How long the gateway waits for a unit and its clients.", Timeouts.Default, s_all);
}
