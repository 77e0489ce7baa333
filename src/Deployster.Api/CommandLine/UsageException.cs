namespace Deployster.Api.CommandLine;

/// <summary>The command line, or what it names, cannot be used as it is.</summary>
/// <param name="message">Why, in one line.</param>
internal sealed class UsageException(string message) : Exception(message);
