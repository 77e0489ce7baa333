namespace Deployster.Infrastructure.Docker;

/// <summary>An image cannot be pulled.</summary>
/// <param name="message">What the engine said.</param>
internal sealed class ImagePullException(string message) : Exception(message);
