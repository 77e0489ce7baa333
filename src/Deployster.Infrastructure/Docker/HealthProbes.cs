using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Infrastructure.Docker;

/// <summary>
/// Probes containers while somebody asks for their health, each at its own interval, and remembers the last answer.
/// Who asks does not wait for a slow container: it has the answer before. Only at the first probe of a container it waits
/// longer: a Deployster that has just started must not take all that has been running for ill.
/// </summary>
internal sealed class HealthProbes(TimeProvider time) : IDisposable
{
    /// <summary>What is said of a container that has not answered any probe yet.</summary>
    public const string NotYet = "not probed yet";

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_firstPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_portInterval = TimeSpan.FromSeconds(1);

    private readonly HealthProbe _probe = new();
    private readonly Lock _lock = new();
    private Dictionary<string, Probed> _probed = [];

    /// <summary>Why the containers are not healthy, by their ids; null for those that are.</summary>
    /// <param name="targets">All that run. What is remembered of others is forgotten.</param>
    /// <param name="cancellationToken">Ends the wait; the probes go on.</param>
    public async Task<IReadOnlyDictionary<string, string?>> FindComplaintsAsync(
        IReadOnlyCollection<ProbeTarget> targets, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<Probed> probed;
        var patience = s_patience;
        lock (_lock)
        {
            var before = _probed;
            _probed = targets.ToDictionary(target => target.ContainerId, target => Remembered(before, target));
            probed = _probed.Values;
            var now = time.GetUtcNow();
            foreach (var due in probed.Where(container => container.IsDue(now)))
            {
                patience = due.Complaint == NotYet ? s_firstPatience : patience;
                due.Begin(_probe, now);
            }
        }

        var running = Task.WhenAll(probed.Select(container => container.Running));
        await Task.WhenAny(running, Task.Delay(patience, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return probed.ToDictionary(container => container.Target.ContainerId, container => container.Complaint);
    }

    public void Dispose() => _probe.Dispose();

    private static Probed Remembered(Dictionary<string, Probed> before, ProbeTarget target) =>
        before.TryGetValue(target.ContainerId, out var known) && known.Target == target ? known : new Probed(target);

    private sealed class Probed(ProbeTarget target)
    {
        private DateTimeOffset? _begun;
        private volatile string? _complaint = NotYet;

        public ProbeTarget Target { get; } = target;

        public string? Complaint => _complaint;

        public Task Running { get; private set; } = Task.CompletedTask;

        public bool IsDue(DateTimeOffset now) =>
            Running.IsCompleted && (_begun is null || now - _begun >= (Target.Check?.Interval ?? s_portInterval));

        public void Begin(HealthProbe probe, DateTimeOffset now)
        {
            _begun = now;
            Running = ProbeAsync(probe);
        }

        private async Task ProbeAsync(HealthProbe probe)
        {
            try
            {
                _complaint = await probe.FindComplaintAsync(Target);
            }
            catch (Exception e)
            {
                // Whatever somebody wrote into a container's labels must not stop the others.
                _complaint = $"cannot be probed: {EngineMessage.ToLine(e.Message)}";
            }
        }
    }
}
