namespace Deployster.Application.Tasks;

/// <summary>As many tasks run already as may at a time.</summary>
/// <param name="limit">How many.</param>
public sealed class TaskLimitException(int limit) : Exception($"{limit} tasks run already, and no more may at a time. Try again when one has ended.");
