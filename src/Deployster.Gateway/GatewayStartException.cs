namespace Deployster.Gateway;

/// <summary>A gateway cannot start with these options.</summary>
/// <param name="message">Which, and why.</param>
/// <param name="inner">The exception that told.</param>
public sealed class GatewayStartException(string message, Exception? inner = null) : Exception(message, inner);
