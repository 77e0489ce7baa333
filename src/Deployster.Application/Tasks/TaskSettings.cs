using Deployster.Domain.Specs;

namespace Deployster.Application.Tasks;

/// <summary>What whoever runs Deployster decides about tasks.</summary>
/// <param name="Timeout">How long a task may run that does not say it itself.</param>
/// <param name="Limit">How many may run at a time.</param>
public sealed record TaskSettings(TimeSpan Timeout, int Limit)
{
    /// <summary>The longest a task may run.</summary>
    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromDays(1);

    /// <summary>How long a task that is stopped may take to end by itself, where it does not say it itself.</summary>
    public static TimeSpan StopTimeout => DeploySpec.Default.StopTimeout;

    /// <summary>The signal that asks a task to end, where it does not say it itself. The image's own is for its service.</summary>
    public static StopSignal StopSignal { get; } = new("SIGTERM");
}
