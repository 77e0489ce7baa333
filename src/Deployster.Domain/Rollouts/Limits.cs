using Deployster.Domain.Specs;

namespace Deployster.Domain.Rollouts;

/// <summary>How many units of both sets a rollout may run, and how many have to serve.</summary>
/// <param name="Most">The most that may run at once.</param>
/// <param name="Least">The least that have to serve.</param>
internal sealed record Limits(int Most, int Least)
{
    /// <summary>No unit of one set may run beside a unit of the other: nothing may be added, and nothing has to serve.</summary>
    public bool IsOneSetOnly { get; private init; }

    public static Limits Of(Deploy deploy)
    {
        var strategy = deploy.Intention.Spec.Strategy ?? Strategy.Default;
        var count = deploy.Intention.Spec.InstanceCount;
        var surge = strategy.MaxSurge.RoundedUp(count);
        var least = Math.Max(0, count - strategy.MaxUnavailable.RoundedDown(count));

        // What runs already is no surge: the old set may be larger than the new one.
        return new Limits(Math.Max(count, deploy.OldCount) + surge, least) { IsOneSetOnly = surge == 0 && least == 0 };
    }

    /// <summary>How many units of one set may run while so many of the other do.</summary>
    public int LeftBeside(int others) => IsOneSetOnly && others > 0 ? 0 : Math.Max(0, Most - others);
}
