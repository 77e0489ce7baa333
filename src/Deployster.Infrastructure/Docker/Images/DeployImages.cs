using System.Collections.Concurrent;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Units;

namespace Deployster.Infrastructure.Docker.Images;

/// <summary>
/// Finds the image by which all units of a deploy run. A tag can be moved while they are made, and later: what it meant
/// first is what was deployed.
/// </summary>
internal sealed class DeployImages(ImagePulls pulls, UnitContainers containers)
{
    private readonly ConcurrentDictionary<DeployId, string> _known = new();

    /// <summary>The id of the image of a unit's deploy. The engine has it when this returns.</summary>
    /// <exception cref="ImagePullException">It cannot be pulled.</exception>
    public async Task<string> ResolveAsync(UnitDefinition definition, CancellationToken cancellationToken)
    {
        var deploy = definition.Name.Deploy;
        var image = definition.Intention.Image;
        var known = definition.Intention.ImageId
            ?? _known.GetValueOrDefault(deploy)
            ?? (await containers.ListAsync(deploy, cancellationToken)).Select(other => other.Intention?.ImageId).FirstOrDefault(id => id is not null);
        if (known is not null)
        {
            await pulls.EnsureIdAsync(image, known, cancellationToken);
            return known;
        }

        return _known.GetOrAdd(deploy, await pulls.EnsureAsync(image, cancellationToken));
    }
}
