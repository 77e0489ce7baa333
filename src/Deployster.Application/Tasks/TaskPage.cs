namespace Deployster.Application.Tasks;

/// <summary>A part of the tasks, newest first.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="NextCursor">Where the next part begins; null on the last.</param>
public sealed record TaskPage(IReadOnlyList<TaskRecord> Tasks, string? NextCursor);
