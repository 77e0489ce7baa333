using Deployster.Domain.Images;

namespace Deployster.Application.Pruning;

/// <summary>
/// Keeps apart those who are about to use an image and those who remove it. Whoever is to use one claims it until the use is
/// registered; whoever removes one begins only while nobody claims it, and then looks for registered uses.
/// </summary>
internal sealed class ImageClaims
{
    private readonly Lock _lock = new();
    private readonly List<NamedImage> _claims = [];
    private (StoredImage Image, TaskCompletionSource Ended)? _removal;

    /// <summary>Claims an image until what this gives is disposed of. Where it is just being removed, waits for the end of that.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="id">Its id; null where that is not known yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IDisposable> ClaimAsync(string name, string? id, CancellationToken cancellationToken)
    {
        var claim = new Claim(this, NamedImage.Of(name, id));
        Task ended;
        lock (_lock)
        {
            _claims.Add(claim.Image);
            ended = _removal is var (removed, end) && removed.IsMeantBy(claim.Image) ? end.Task : Task.CompletedTask;
        }

        try
        {
            await ended.WaitAsync(cancellationToken);
            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Begins to remove an image, until what this gives is disposed of. There must be no other removal.</summary>
    /// <returns>Null where somebody claims it.</returns>
    public IDisposable? TryBeginRemoval(StoredImage image)
    {
        lock (_lock)
        {
            if (_claims.Exists(image.IsMeantBy))
            {
                return null;
            }

            _removal = (image, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return new Removal(this);
        }
    }

    private sealed class Claim(ImageClaims claims, NamedImage image) : IDisposable
    {
        public NamedImage Image => image;

        public void Dispose()
        {
            lock (claims._lock)
            {
                claims._claims.Remove(image);
            }
        }
    }

    private sealed class Removal(ImageClaims claims) : IDisposable
    {
        public void Dispose()
        {
            lock (claims._lock)
            {
                claims._removal?.Ended.SetResult();
                claims._removal = null;
            }
        }
    }
}
