using System.Collections.Immutable;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Tasks;

/// <summary>All that an engine must know to run a task.</summary>
/// <param name="Record">The task.</param>
/// <param name="Spec">The spec of its service, with the task's own variables: of it the environment, volumes, limits and further settings count.</param>
public sealed record TaskDefinition(TaskRecord Record, DeploySpec Spec)
{
    /// <summary>The intention of the deploy whose release command it is, for whoever carries that on; null where it is none.</summary>
    public Intention? Intention { get; init; }

    /// <summary>How long it may take to end by itself once it is stopped.</summary>
    public TimeSpan StopTimeout { get; init; } = TaskSettings.StopTimeout;

    /// <summary>The signal that asks it to end.</summary>
    public StopSignal StopSignal { get; init; } = TaskSettings.StopSignal;
}
