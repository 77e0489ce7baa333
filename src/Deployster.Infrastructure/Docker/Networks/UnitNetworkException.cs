namespace Deployster.Infrastructure.Docker.Networks;

/// <summary>The network of the units cannot be used.</summary>
internal sealed class UnitNetworkException(string message) : Exception(message);
