using Deployster.Domain.Specs.Fields;

namespace Deployster.Domain.Specs;

/// <summary>How a deploy takes the place of the units that it replaces. Without any, it does not matter.</summary>
public sealed record Strategy
{
    /// <summary>What holds where a deploy says nothing: all new units are launched beside the old ones, and enter at once.</summary>
    public static Strategy Default { get; } = new();

    /// <summary>How many units may run above the number that is wanted, of which a percentage is rounded up.</summary>
    public Portion MaxSurge { get; init; } = new(100, IsPercentage: true);

    /// <summary>How many units may be missing from the number that is wanted, of which a percentage is rounded down.</summary>
    public Portion MaxUnavailable { get; init; } = new(0);

    /// <summary>How many units come first and wait to be promoted; null for none.</summary>
    public int? Canary { get; init; }

    /// <summary>How long the canary must have been healthy to be promoted by itself; null for never.</summary>
    public TimeSpan? CanaryTime { get; init; }

    /// <summary>The strategy as a later deploy takes it over: a canary is asked for each time.</summary>
    public Strategy WithoutCanary() => this with { Canary = null, CanaryTime = null };

    /// <summary>
    /// The strategy for a deploy that goes back to an earlier one: it has no canary, and where its percentages allow no
    /// step at today's strength, one unit at a time.
    /// </summary>
    public Strategy ForRollback(int instanceCount) =>
        AllowsNoStep(instanceCount) ? WithoutCanary() with { MaxUnavailable = new Portion(1) } : WithoutCanary();

    /// <summary>What is wrong with it for so many instances; null for nothing.</summary>
    public FieldError? FindError(int instanceCount)
    {
        var name = SpecFields.Strategy.Name;
        return AllowsNoStep(instanceCount)
                ? new FieldError($"{name}.max_unavailable", $"must be at least 1 of {instanceCount} units while max_surge is {MaxSurge}, not {MaxUnavailable}.")
            : Canary > instanceCount
                ? new FieldError($"{name}.canary", $"must be at most {SpecFields.InstanceCount.Name}, which is {instanceCount}, not {Canary}.")
            : (Canary, CanaryTime) is (null, { } time)
                ? new FieldError($"{name}.canary_seconds", $"needs a canary, and stands alone as {time.TotalSeconds:0}.")
            : null;
    }

    private bool AllowsNoStep(int instanceCount) =>
        MaxSurge.RoundedUp(instanceCount) == 0 && MaxUnavailable.RoundedDown(instanceCount) == 0;
}
