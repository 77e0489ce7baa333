namespace Deployster.Infrastructure.History;

/// <summary>Where the history is kept, and how much of it.</summary>
/// <param name="DataFolder">The folder of the file <c>history.db</c>; made where it is missing.</param>
/// <param name="KeepPerService">
/// How many deploys and how many tasks of each service are kept, at least 1. Those whose end is not written down are kept besides.
/// </param>
public sealed record HistoryOptions(string DataFolder, int KeepPerService = 1000);
