using System.Globalization;

namespace Deployster.Domain.Tasks;

/// <summary>How a task ended.</summary>
/// <param name="Status">In a word.</param>
/// <param name="ExitCode">The command's exit code, or the one that stands for what stopped it.</param>
/// <param name="Message">Why, for a reader; null where the exit code tells it all.</param>
public sealed record TaskEnd(TaskRunStatus Status, int ExitCode, string? Message = null)
{
    // As timeout(1), the shell on SIGTERM, and docker run have them.
    private const int TimedOutCode = 124;
    private const int CancelledCode = 143;
    private const int LostCode = 125;

    /// <summary>The command ended by itself.</summary>
    public static TaskEnd Exited(int exitCode) =>
        new(exitCode == 0 ? TaskRunStatus.Succeeded : TaskRunStatus.Failed, exitCode);

    /// <summary>The task's time was up.</summary>
    public static TaskEnd TimedOut(TimeSpan timeout) =>
        new(TaskRunStatus.TimedOut, TimedOutCode, $"The task timed out after {InWords(timeout)}.");

    /// <summary>Somebody cancelled the task.</summary>
    public static TaskEnd Cancelled(string? user) =>
        new(TaskRunStatus.Cancelled, CancelledCode, string.IsNullOrEmpty(user) ? "The task was cancelled." : $"The task was cancelled by {user}.");

    /// <summary>The task could not be carried through.</summary>
    public static TaskEnd Lost(string reason) => new(TaskRunStatus.Failed, LostCode, reason);

    /// <summary><c>Exited (124) The task timed out after 10m0s.</c></summary>
    public override string ToString()
    {
        var exited = string.Create(CultureInfo.InvariantCulture, $"Exited ({ExitCode})");
        return Message is null ? exited : $"{exited} {Message}";
    }

    // As Go writes durations.
    private static string InWords(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes}m{time.Seconds}s"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m{time.Seconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Seconds}s"),
    };
}
