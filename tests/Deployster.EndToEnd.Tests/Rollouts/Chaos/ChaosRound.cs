namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>A deploy of each service at the same time, and what goes wrong meanwhile.</summary>
/// <param name="Number">Which round it is.</param>
/// <param name="Deploys">A deploy of each service.</param>
/// <param name="Faults">The faults, and how long after the round's begin they happen.</param>
/// <param name="TaskOf">The service of which a task runs meanwhile; null for none.</param>
internal sealed record ChaosRound(
    int Number, IReadOnlyList<ChaosDeploy> Deploys, IReadOnlyList<(TimeSpan After, PlannedFault Fault)> Faults, string? TaskOf);

/// <summary>Makes rounds up; they follow from the seed.</summary>
internal sealed class ChaosPlanner(int seed, IChaosScene scene)
{
    private const int MostInstances = 3;

    private readonly Random _random = new(seed);
    private int _round;
    private int _version;
    private Deck<VersionKind>? _kinds;
    private Deck<bool>? _cancels;
    private Deck<bool>? _tasks;
    private Deck<IFault>? _faults;

    /// <summary>The next round, with at most so many faults.</summary>
    public ChaosRound Next(int mostFaults)
    {
        _kinds ??= new Deck<VersionKind>(_random, [VersionKind.Good, VersionKind.Good, VersionKind.Good, VersionKind.Exits, VersionKind.NeverHealthy]);
        _cancels ??= new Deck<bool>(_random, [true, false, false, false, false]);
        _tasks ??= new Deck<bool>(_random, [scene.RunsTasks, false]);
        _faults ??= new Deck<IFault>(_random, scene.Faults);

        var deploys = scene.Services.Select(service => Deploy(service, _kinds.Draw(), _cancels.Draw())).ToList();
        var faults = Enumerable.Range(0, Math.Min(mostFaults, _random.Next(1, 4)))
            .Select(_ => (Within(2000), _faults.Draw().Plan(_random)))
            .ToList();
        return new ChaosRound(++_round, deploys, faults, _tasks.Draw() ? scene.Services[_random.Next(scene.Services.Count)] : null);
    }

    /// <summary>A good deploy that nobody cancels.</summary>
    public ChaosDeploy Good(string service) => Deploy(service, VersionKind.Good, isCancelled: false);

    private ChaosDeploy Deploy(string service, VersionKind kind, bool isCancelled) => new(
        service, kind, ++_version, _random.Next(1, MostInstances + 1), Within(500), isCancelled ? Within(2500) : null);

    private TimeSpan Within(int milliseconds) => TimeSpan.FromMilliseconds(_random.Next(milliseconds));
}
