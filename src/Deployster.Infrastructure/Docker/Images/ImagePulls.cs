using System.Net;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Images;

/// <summary>Sees to it that the engine has an image. Several who want one image at a time share one pull.</summary>
internal sealed class ImagePulls(DockerEngine engine, RegistryCredentials credentials, DockerOptions options, TimeProvider time)
{
    // Layers that are big and slow to unpack tell of it all the time.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(60);

    private readonly SharedWork<string, bool> _pulls = new();

    /// <summary>Pulls an image where it is missing, or always.</summary>
    /// <exception cref="ImagePullException">It cannot be pulled; the message is the engine's.</exception>
    public async Task EnsureAsync(string image, CancellationToken cancellationToken)
    {
        if (options.PullAlways || await FindIdAsync(image, cancellationToken) is null)
        {
            await PullAsync(image, cancellationToken);
        }
    }

    /// <summary>Pulls an image.</summary>
    /// <exception cref="ImagePullException">It cannot be pulled; the message is the engine's.</exception>
    public Task PullAsync(string image, CancellationToken cancellationToken) =>
        _pulls.JoinAsync(image, stop => RunAsync(image, stop), cancellationToken);

    /// <summary>The id of an image that the engine has; null where it does not.</summary>
    /// <param name="image">Its name with its tag, or its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string?> FindIdAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            return (await engine.CallAsync((client, token) => client.Images.InspectImageAsync(image, token), options.AnswerLimit, cancellationToken)).ID;
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
        catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.BadRequest)
        {
            throw new ImagePullException(EngineMessage.Of(e));
        }
        catch (DockerApiException e)
        {
            throw new FleetUnavailableException(engine.Address, EngineMessage.Of(e), e);
        }
    }

    private async Task<bool> RunAsync(string image, CancellationToken cancellationToken)
    {
        var login = await credentials.FindAsync(image, cancellationToken);
        using var silence = new CancellationTokenSource(options.RegistryLimit, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        var progress = new PullProgress(silence);
        try
        {
            await engine.DoAsync(
                (client, token) => client.Images.CreateImageAsync(
                    new ImagesCreateParameters { FromImage = image }, login, progress, token),
                Timeout.InfiniteTimeSpan,
                limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ImagePullException($"the registry of {image} has stopped answering");
        }
        catch (DockerApiException e)
        {
            throw new ImagePullException(EngineMessage.Of(e));
        }

        return progress.Error is { } error ? throw new ImagePullException(EngineMessage.ToLine(error)) : true;
    }

    // The engine has begun its answer when a pull fails, so that it says so at the end of it.
    private sealed class PullProgress(CancellationTokenSource silence) : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value)
        {
            silence.CancelAfter(s_silence);
            Error ??= value.Error?.Message;
        }
    }
}
