namespace Deployster.Application.Errors;

/// <summary>What a request names does not exist.</summary>
/// <param name="message">What is missing, for a reader.</param>
public sealed class NotFoundException(string message) : Exception(message);
