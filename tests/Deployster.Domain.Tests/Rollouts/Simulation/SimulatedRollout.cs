using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>Runs a trial: all its steps, and then calm until the rollout ends.</summary>
internal sealed class SimulatedRollout
{
    private static readonly DateTimeOffset s_start = new(2015, 3, 2, 0, 31, 45, TimeSpan.Zero);
    private static readonly ServiceName s_service = ServiceName.Parse("railsapp");
    private static readonly DeployId s_old = new(s_service, VersionTag.Parse("old"), DeployTimestamp.At(s_start.AddDays(-1)));

    private readonly SimulatedFleet _fleet;
    private readonly List<Look> _looks = [];
    private readonly List<SimulatedDeployster> _deploysters;
    private TimeSpan _elapsed;
    private DateTimeOffset _wallClock = s_start;

    private SimulatedRollout(Trial trial)
    {
        Trial = trial;
        Deploy = new Deploy(
            new DeployId(s_service, VersionTag.Parse("new"), DeployTimestamp.At(s_start)),
            new Intention
            {
                Image = "mycompany/railsapp:new",
                RequestedAt = s_start,
                DestroyPrevious = trial.DestroyPrevious,
                Replaces = trial.OldCount > 0 ? [new ReplacedDeploy(s_old.Version, s_old.Timestamp, trial.OldCount)] : [],
                Spec = new DeploySpec
                {
                    InstanceCount = trial.Fates.Length,
                    MinHealthy = trial.MinHealthy,
                    Deadline = trial.Deadline,
                    Strategy = trial.Strategy,
                },
            });
        var before = Deploy.Intention with { RequestedAt = s_start.AddDays(-1), Replaces = [] };
        var later = before with { RequestedAt = s_start.AddSeconds(1) };
        Foreign =
        [
            // A fleet counts it as one of the old, so it is only there where none of those has to be brought back.
            .. trial.HasLeftOver ? [new UnitName(s_old, 2000)] : Array.Empty<UnitName>(),
            new UnitName(s_old with { Version = VersionTag.Parse("beside") }, 1),
            new UnitName(s_old with { Service = ServiceName.Parse("other") }, 1),
            new UnitName(Deploy.Id with { Service = ServiceName.Parse("other") }, 1),
        ];
        _fleet = new SimulatedFleet(trial, Deploy, before) { Changed = () => Numbers.Observe(this) };
        foreach (var unit in Foreign)
        {
            _fleet.Add(unit, later);
        }

        for (var instance = 1; instance <= trial.OldCount; instance++)
        {
            _fleet.Add(new UnitName(s_old, instance), before);
        }

        if (trial.HasLeftOver)
        {
            _fleet.Add(new UnitName(s_old, trial.OldCount + 1), before, isMarked: true);
        }

        _deploysters = [.. Enumerable.Range(1, trial.Deploysters).Select(number => new SimulatedDeployster(number, Deploy, _fleet, _looks))];
        _deploysters[0].Begin();
    }

    public Trial Trial { get; }

    /// <summary>How many units ran and served meanwhile.</summary>
    public ObservedNumbers Numbers { get; } = new();

    public Deploy Deploy { get; }

    /// <summary>Units that are none of the rollout's business, however much they look like it.</summary>
    public IReadOnlyList<UnitName> Foreign { get; }

    public IReadOnlyList<Look> Looks => _looks;

    /// <summary>
    /// How it ended for the one who looked last; null where that one does not know of it any more, as the fleet does not
    /// tell of it and the history is lost.
    /// </summary>
    public RolloutOutcome? Outcome => _looks.Count > 0 ? _deploysters[_looks[^1].Deployster - 1].Outcome : null;

    public bool HasEnded => _deploysters.TrueForAll(deployster => !deployster.IsWatching);

    public IReadOnlyList<Unit> Units => _fleet.Units;

    public IReadOnlyList<Unit> Own => [.. Units.Where(unit => unit.Name.DeployId == Deploy.Id)];

    public IReadOnlyList<Unit> Replaced => [.. Units.Where(Deploy.IsReplaced)];

    /// <summary>When the old set and the new one were both gone, in seconds; null while that never was.</summary>
    public int? AllLostAt => _fleet.AllLostAt;

    // Once all is calm each stage ends within a deadline, and success may yet take back that it was given up.
    private int MostCalmSteps =>
        ((Trial.Strategy is null ? 4 : 24) * (int)(Trial.Deadline + Trial.MinHealthy).TotalSeconds) + 60;

    /// <summary>Whether it waits for somebody to promote its canary, and nobody does.</summary>
    public bool WaitsForEver =>
        !Trial.Promotes && Trial.Strategy?.CanaryTime is null && !HasEnded && _deploysters.TrueForAll(deployster => deployster.IsWaiting || !deployster.IsWatching);

    public static SimulatedRollout Run(Trial trial)
    {
        var rollout = new SimulatedRollout(trial);
        foreach (var step in trial.Steps.Concat(Enumerable.Repeat(Step.Calm with { Promotes = trial.Promotes }, rollout.MostCalmSteps)))
        {
            rollout.Take(step);
            if (rollout.HasEnded || (step.Looks == Looking.InTurn && step.Lucks == Step.Calm.Lucks && rollout.WaitsForEver))
            {
                break;
            }
        }

        return rollout;
    }

    public override string ToString() => $"{Trial}\n{string.Join('\n', _looks)}\n{string.Join(' ', Own.Concat(Replaced).Select(unit => $"{unit.Name} {unit.Wanted} {unit.Phase}"))}";

    private void Take(Step step)
    {
        for (var second = 1; second <= Math.Ceiling(step.Seconds); second++)
        {
            _fleet.Tick(second == 1 ? step.Glitch : 0);
        }

        _elapsed += TimeSpan.FromSeconds(step.Seconds);
        _wallClock = _wallClock.AddSeconds(step.Seconds + step.ClockStep);

        // What vanishes afterwards is none of a rollout's business.
        if (step.Vanishes > 0 && _deploysters.TrueForAll(deployster => deployster.Outcome is null))
        {
            _fleet.Vanish(step.Vanishes % 2 == 0 && !Trial.HasLeftOver, step.Vanishes / 2);
        }

        var one = _deploysters[step.Deployster % _deploysters.Count];
        if (step.Cancels)
        {
            one.Cancel();
        }

        if (step.Promotes)
        {
            _deploysters.Find(deployster => deployster.IsWaiting)?.Promote();
        }

        if (step.Restarts && one.IsWatching)
        {
            one.Restart(_elapsed, _wallClock, step.KeepsHistory || Trial.OldCount == 0);
        }
        else if (one != _deploysters[0] && !one.IsWatching && one.Outcome is null)
        {
            one.TakeUp(_elapsed, _wallClock);
        }

        Act(step, one);
    }

    /// <summary>One Deployster acts, or all do: one after another, or each by what it read before any of them acted.</summary>
    private void Act(Step step, SimulatedDeployster one)
    {
        List<SimulatedDeployster> acting = step.Looks == Looking.One ? [one] : _deploysters;
        acting.ForEach(deployster => deployster.Read());
        foreach (var deployster in acting)
        {
            if (step.Looks != Looking.AtOnce)
            {
                deployster.Read();
            }

            deployster.Act(_elapsed, step.Lucks);
        }
    }
}
