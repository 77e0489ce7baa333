using Deployster.Domain.Names;

namespace Deployster.Application.Rollouts;

/// <summary>The deploys that are watched, and those that ended last.</summary>
internal sealed class WatchedDeploys : IDisposable
{
    // So that one can still see the end of a rollout where the history cannot be read.
    private const int EndedKept = 100;

    private readonly Lock _lock = new();
    private readonly List<WatchedDeploy> _deploys = [];
    private readonly SemaphoreSlim _added = new(0);

    public IReadOnlyList<WatchedDeploy> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _deploys];
            }
        }
    }

    public IReadOnlyList<WatchedDeploy> UnderWay => [.. All.Where(deploy => deploy.IsUnderWay)];

    public WatchedDeploy? Find(DeployId deploy) => All.FirstOrDefault(watched => watched.Record.Deploy == deploy);

    public WatchedDeploy? FindUnderWay(ServiceName service) =>
        UnderWay.FirstOrDefault(watched => watched.Record.Deploy.Service == service);

    /// <summary>Adds a deploy; gives the one that is there where it is known already, be it that its rollout has ended.</summary>
    public WatchedDeploy Add(WatchedDeploy deploy)
    {
        lock (_lock)
        {
            if (_deploys.Find(watched => watched.Record.Deploy == deploy.Record.Deploy) is { } known)
            {
                return known;
            }

            var ended = _deploys.Where(watched => !watched.IsUnderWay && watched.IsSaved).ToList();
            foreach (var old in ended.Take(ended.Count - EndedKept))
            {
                _deploys.Remove(old);
            }

            _deploys.Add(deploy);
            _added.Release();
            return deploy;
        }
    }

    /// <summary>Waits until a deploy is added.</summary>
    public Task WaitForOneAsync(CancellationToken cancellationToken) => _added.WaitAsync(cancellationToken);

    public void Dispose() => _added.Dispose();
}
