using Deployster.Domain.Names;

namespace Deployster.Domain.Images;

/// <summary>An image that deploys of a service had.</summary>
/// <param name="Service">The service.</param>
/// <param name="Image">The image.</param>
public sealed record DeployedImage(ServiceName Service, NamedImage Image)
{
    /// <summary>When the last of those deploys was asked for that succeeded; null where none did.</summary>
    public DateTimeOffset? SucceededAt { get; init; }

    /// <summary>Whether one of those deploys is under way, or is to keep units.</summary>
    public bool IsWanted { get; init; }
}
