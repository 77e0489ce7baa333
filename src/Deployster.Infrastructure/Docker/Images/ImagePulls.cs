using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Images;

/// <summary>Sees to it that the engine has an image. Several who want one image at a time share one pull.</summary>
internal sealed class ImagePulls(DockerEngine engine, RegistryCredentials credentials, DockerOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SharedPull> _pulls = [];

    /// <summary>Pulls an image where it is missing, or always; gives its id.</summary>
    /// <exception cref="ImagePullException">It cannot be pulled; the message is the engine's.</exception>
    public async Task<string> EnsureAsync(string image, CancellationToken cancellationToken)
    {
        var known = await FindIdAsync(image, cancellationToken);
        if (known is not null && !options.PullAlways)
        {
            return known;
        }

        try
        {
            await PullSharedAsync(image, cancellationToken);
        }
        catch (ImagePullException e) when (known is not null && !e.IsRefusal)
        {
            // A registry that is away is no reason not to run what the engine has.
            return known;
        }

        return await FindIdAsync(image, cancellationToken)
            ?? throw new ImagePullException($"{image} was pulled, and is not there.", isRefusal: false);
    }

    /// <summary>Sees to it that the engine has an image by its id. Where it has not, the tag is pulled, and must still mean it.</summary>
    /// <exception cref="ImagePullException">It cannot be pulled, or the tag means another one now.</exception>
    public async Task EnsureIdAsync(string image, string id, CancellationToken cancellationToken)
    {
        if (await FindIdAsync(id, cancellationToken) is not null)
        {
            return;
        }

        await PullSharedAsync(image, cancellationToken);
        if (await FindIdAsync(id, cancellationToken) is null)
        {
            throw new ImagePullException(
                $"The image {id} of {image} is not on the engine any more, and the tag means another one now.", isRefusal: true);
        }
    }

    private async Task PullSharedAsync(string image, CancellationToken cancellationToken)
    {
        var pull = Join(image);
        try
        {
            await pull.Work.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(image, pull);
        }
    }

    private async Task<string?> FindIdAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            return (await engine.AskAsync((client, token) => client.Images.InspectImageAsync(image, token), cancellationToken)).ID;
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
    }

    private SharedPull Join(string image)
    {
        lock (_lock)
        {
            if (!_pulls.TryGetValue(image, out var pull))
            {
                pull = new SharedPull(stop => PullAsync(image, stop));
                _pulls.Add(image, pull);
            }

            pull.Waiting++;
            return pull;
        }
    }

    // A pull that nobody waits for is stopped, lest a registry that never answers holds up the next one.
    private void Leave(string image, SharedPull pull)
    {
        lock (_lock)
        {
            if (--pull.Waiting == 0)
            {
                _pulls.Remove(image);
                pull.Stop.Cancel();
            }
        }
    }

    private async Task PullAsync(string image, CancellationToken cancellationToken)
    {
        var login = await credentials.FindAsync(image, cancellationToken);
        var progress = new PullProgress();
        try
        {
            await engine.DoAsync(
                (client, token) => client.Images.CreateImageAsync(
                    new ImagesCreateParameters { FromImage = image }, login, progress, token),
                Timeout.InfiniteTimeSpan,
                cancellationToken);
        }
        catch (DockerApiException e)
        {
            throw ImagePullException.Of(EngineMessage.Of(e));
        }

        if (progress.Error is { } error)
        {
            throw ImagePullException.Of(EngineMessage.ToLine(error));
        }
    }

    private sealed class SharedPull
    {
        public SharedPull(Func<CancellationToken, Task> pull) => Work = pull(Stop.Token);

        public CancellationTokenSource Stop { get; } = new();

        public Task Work { get; }

        public int Waiting { get; set; }
    }

    // The engine has begun its answer when a pull fails, so that it says so at the end of it.
    private sealed class PullProgress : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value) => Error ??= value.Error?.Message;
    }
}
