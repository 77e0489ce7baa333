namespace Deployster.FleetStandIn;

/// <summary>How a unit behaves once it is launched: how long each of its states lasts, and how it ends.</summary>
public sealed record UnitBehavior
{
    /// <summary>For a state that never ends.</summary>
    public static readonly TimeSpan Ever = TimeSpan.MaxValue;

    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(20);

    /// <summary>Starts, answers and goes on running.</summary>
    public static UnitBehavior Healthy { get; } = new();

    /// <summary>Its process ends badly as soon as it is started.</summary>
    public static UnitBehavior FailsAtOnce { get; } = new() { StartPost = TimeSpan.Zero, Running = TimeSpan.Zero };

    /// <summary>Its image cannot be pulled.</summary>
    public static UnitBehavior HasNoImage { get; } = FailsAtOnce with { StartPre = TimeSpan.FromMilliseconds(200) };

    /// <summary>Its process runs and never answers.</summary>
    public static UnitBehavior NeverAnswers { get; } = new() { StartPost = Ever };

    /// <summary>Is started again for ever.</summary>
    public static UnitBehavior CrashLoops { get; } = FailsAtOnce with { Tries = int.MaxValue };

    /// <summary>Its process ends well.</summary>
    public static UnitBehavior EndsWell { get; } = FailsAtOnce with { EndsBadly = false };

    /// <summary>No machine can take it.</summary>
    public static UnitBehavior Homeless { get; } = new() { Scheduling = Ever };

    /// <summary>
    /// Between the two writes that make a unit: the unit itself, and its target state. Every reader sees it inactive then.
    /// </summary>
    public TimeSpan Making { get; init; }

    /// <summary>Until a machine takes the unit.</summary>
    public TimeSpan Scheduling { get; init; } = s_moment;

    /// <summary>Between its being loaded and its being started, when it looks dead.</summary>
    public TimeSpan Loading { get; init; } = s_moment;

    /// <summary>In <c>start-pre</c>.</summary>
    public TimeSpan StartPre { get; init; } = s_moment;

    /// <summary>In <c>start-post</c>.</summary>
    public TimeSpan StartPost { get; init; } = s_moment;

    /// <summary>In <c>running</c>.</summary>
    public TimeSpan Running { get; init; } = Ever;

    /// <summary>Whether the end of its process is a failure.</summary>
    public bool EndsBadly { get; init; } = true;

    /// <summary>How often it is started before it is left as it ended.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>In <c>auto-restart</c> between two tries.</summary>
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>In <c>stop-sigterm</c>, when it is stopped or destroyed.</summary>
    public TimeSpan Stopping { get; init; } = s_moment;

    /// <summary>The state of a unit that a machine took so long ago and that is to be launched.</summary>
    internal SystemdState StateAfter(TimeSpan elapsed)
    {
        foreach (var (length, state) in Life())
        {
            if (elapsed < length)
            {
                return state;
            }

            elapsed -= length;
        }

        return EndsBadly ? SystemdState.Failed : SystemdState.Dead;
    }

    private IEnumerable<(TimeSpan Length, SystemdState State)> Life()
    {
        yield return (Loading, SystemdState.Dead);
        for (var tries = 1; ; tries++)
        {
            yield return (StartPre, SystemdState.StartPre);
            yield return (StartPost, SystemdState.StartPost);
            yield return (Running, SystemdState.Running);
            if (tries >= Tries)
            {
                yield break;
            }

            yield return (RestartDelay, SystemdState.AutoRestart);
        }
    }
}
