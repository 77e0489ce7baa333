namespace Deployster.Application.Units;

/// <summary>The fleet does not hand out the logs of units.</summary>
/// <param name="message">Why, and where they are.</param>
public sealed class LogsNotOfferedException(string message) : Exception(message);
