using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// Tells by which image the units of a deploy run. What a tag means is found out once for all of them, so that they stay
/// alike when it moves.
/// </summary>
internal sealed class UnitImages(DockerEngine engine, ImagePulls pulls, UnitReader reader, DockerOptions options)
{
    private readonly SharedWork<DeployId, string> _deploys = new();

    /// <summary>The id of the image of a unit, which the engine has.</summary>
    /// <exception cref="ImagePullException">It cannot be pulled.</exception>
    /// <exception cref="UnitTroubleException">The image of the deploy is not to be had any more.</exception>
    public async Task<string> GetIdAsync(UnitDefinition definition, CancellationToken cancellationToken)
    {
        var intention = definition.Intention;
        return intention.ImageId is { } id
            ? await HaveAsync(intention.Image, id, cancellationToken)
            : await _deploys.JoinAsync(
                definition.Name.DeployId, stop => ResolveAsync(definition.Name.DeployId, intention.Image, stop), cancellationToken);
    }

    /// <summary>The spec as the image takes it: a line goes whole to an entrypoint that is a shell.</summary>
    public async Task<DeploySpec> FitCommandAsync(DeploySpec spec, string imageId, CancellationToken cancellationToken)
    {
        if (spec.CommandLine is not { } line)
        {
            return spec;
        }

        var image = await engine.AskAsync((client, token) => client.Images.InspectImageAsync(imageId, token), cancellationToken);

        // The version before may have run in an image of the other kind.
        return ShellEntrypoint.TakesLine([.. image.Config?.Entrypoint ?? []]) ? spec with { Command = [line] }
            : ShellWords.TrySplit(line, out var words, out _) ? spec with { Command = words }
            : spec;
    }

    private async Task<string> HaveAsync(string image, string id, CancellationToken cancellationToken)
    {
        if (await pulls.FindIdAsync(id, cancellationToken) is null)
        {
            await pulls.PullAsync(image, cancellationToken);
            if (await pulls.FindIdAsync(id, cancellationToken) is null)
            {
                throw new UnitTroubleException(
                    $"the image {id} of the deploy is not here any more, and {image} means another one now", mayPass: false);
            }
        }

        return id;
    }

    private async Task<string> ResolveAsync(DeployId deployId, string image, CancellationToken cancellationToken)
    {
        var others = await reader.ReadAsync(deployId.Service, cancellationToken);
        if (others.FirstOrDefault(unit => unit.Name.DeployId == deployId && unit.ImageId is not null) is { ImageId: { } known })
        {
            return await HaveAsync(image, known, cancellationToken);
        }

        var here = await pulls.FindIdAsync(image, cancellationToken);
        if (here is not null && !options.PullAlways)
        {
            return here;
        }

        try
        {
            await pulls.PullAsync(image, cancellationToken);
        }
        catch (ImagePullException e) when (e.MayPass && here is not null)
        {
            // The registry is away. What is here is what it had to give the last time.
            return here;
        }

        return await pulls.FindIdAsync(image, cancellationToken)
            ?? throw new UnitTroubleException($"{image} is gone right after its pull", mayPass: true);
    }
}
