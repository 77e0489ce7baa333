namespace Deployster.Infrastructure.Outputs;

/// <summary>Where the outputs of tasks are kept, and how much of them.</summary>
/// <param name="DataFolder">The folder of the folder <c>tasks</c>.</param>
/// <param name="Keep">How many bytes of each task's output are kept for whoever comes later: the last ones.</param>
public sealed record TaskOutputOptions(string DataFolder, long Keep);
