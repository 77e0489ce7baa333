namespace Deployster.Application.Tasks;

/// <summary>What whoever runs Deployster decides about tasks.</summary>
/// <param name="Timeout">How long a task may run that does not say it itself.</param>
/// <param name="Limit">How many may run at a time.</param>
public sealed record TaskSettings(TimeSpan Timeout, int Limit)
{
    /// <summary>The longest a task may run.</summary>
    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromDays(1);
}
