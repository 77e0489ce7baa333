namespace Deployster.Application.History;

/// <summary>The history cannot be read or written at the moment.</summary>
/// <param name="cause">Why, for a reader.</param>
/// <param name="inner">The exception that told.</param>
public sealed class HistoryUnavailableException(string cause, Exception? inner = null)
    : Exception($"The history is not available: {cause}", inner);
