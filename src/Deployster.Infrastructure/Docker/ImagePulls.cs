using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker;

/// <summary>Sees to it that the engine has an image. Several who want one image at a time share one pull.</summary>
internal sealed class ImagePulls(DockerEngine engine, RegistryCredentials credentials, DockerOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SharedPull> _pulls = [];

    /// <summary>Pulls an image where it is missing, or always.</summary>
    /// <exception cref="ImagePullException">It cannot be pulled; the message is the engine's.</exception>
    public async Task EnsureAsync(string image, CancellationToken cancellationToken)
    {
        if (!options.PullAlways && await ExistsAsync(image, cancellationToken))
        {
            return;
        }

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

    private async Task<bool> ExistsAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            await engine.AskAsync((client, token) => client.Images.InspectImageAsync(image, token), cancellationToken);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
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
            throw new ImagePullException(EngineMessage.Of(e));
        }

        if (progress.Error is { } error)
        {
            throw new ImagePullException(EngineMessage.ToLine(error));
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
