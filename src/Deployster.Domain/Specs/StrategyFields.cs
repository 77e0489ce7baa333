using System.Collections.Immutable;
using Deployster.Domain.Specs.Fields;

namespace Deployster.Domain.Specs;

/// <summary>The fields of a strategy.</summary>
internal static class StrategyFields
{
    private static readonly ImmutableArray<Field<Strategy>> s_all =
    [
        new Field<Strategy, Portion>
        {
            Name = "max_surge",
            Option = "MaxSurge",
            Type = new CountOrPercentage(),
            Get = strategy => strategy.MaxSurge,
            Set = (strategy, surge) => strategy with { MaxSurge = surge },
            InRequest = $"How many units may run above `instance_count`, or above the number of the old ones where that is greater: a count, or a percentage of `instance_count` that is rounded up; by default {Strategy.Default.MaxSurge}.",
            InAnswer = "How many units may run above `instance_count`.",
        },
        new Field<Strategy, Portion>
        {
            Name = "max_unavailable",
            Option = "MaxUnavailable",
            Type = new CountOrPercentage(),
            Get = strategy => strategy.MaxUnavailable,
            Set = (strategy, unavailable) => strategy with { MaxUnavailable = unavailable },
            InRequest = $"How many of `instance_count` units may be missing meanwhile: a count, or a percentage that is rounded down; by default {Strategy.Default.MaxUnavailable}. With a `max_surge` of 0 and 100% the old units are stopped before the new ones start.",
            InAnswer = "How many of `instance_count` units may be missing meanwhile.",
        },
        new Field<Strategy, int?>
        {
            Name = "canary",
            Option = "Canary",
            Type = new OptionalNumber(1, DeploySpec.MaxInstanceCount),
            Get = strategy => strategy.Canary,
            Set = (strategy, canary) => strategy with { Canary = canary },
            InRequest = "How many units come first and wait until they are promoted; by default none. It is never inherited.",
            InAnswer = "How many units come first and wait until they are promoted; null for none.",
            IsNullable = true,
        },
        new Field<Strategy, TimeSpan?>
        {
            Name = "canary_seconds",
            Option = "CanarySeconds",
            Type = new SecondsOrNone(1, (int)DeploySpec.MaxTime.TotalSeconds),
            Get = strategy => strategy.CanaryTime,
            Set = (strategy, time) => strategy with { CanaryTime = time },
            InRequest = "For how many seconds the canary must have been healthy to be promoted by itself, {limits}; by default it waits to be promoted.",
            InAnswer = "For how many seconds the canary must have been healthy to be promoted by itself; null for never.",
            IsNullable = true,
        },
    ];

    public static Group<Strategy> Group { get; } =
        new("Strategy", "How a deploy takes the place of the units that it replaces.", Strategy.Default, s_all);
}
