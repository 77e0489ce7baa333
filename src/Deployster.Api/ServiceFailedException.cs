namespace Deployster.Api;

/// <summary>A service in the background failed, and the process ended because of it.</summary>
/// <param name="inner">The exception with which it did.</param>
internal sealed class ServiceFailedException(Exception inner) : Exception(inner.Message, inner);
