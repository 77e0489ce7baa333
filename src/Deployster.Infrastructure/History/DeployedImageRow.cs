using Deployster.Domain.Images;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.History;

/// <summary>What the file tells of all deploys of a service that had the same image.</summary>
internal sealed record DeployedImageRow
{
    public required string Service { get; init; }

    /// <summary>Those lines of the intention that tell the image.</summary>
    public required string Image { get; init; }

    public long? SucceededAt { get; init; }

    public long IsWanted { get; init; }

    /// <summary>The image; null where it is none that this version can read.</summary>
    public DeployedImage? Read() =>
        ServiceName.TryParse(Service, out var service) && IntentionOptions.ReadImage(Image.Split('\n')) is ({ Length: > 0 } name, var id)
            ? new DeployedImage(service, NamedImage.Of(name, id))
            {
                SucceededAt = SucceededAt is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
                IsWanted = IsWanted != 0,
            }
            : null;
}
