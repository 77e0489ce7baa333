using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts;

/// <summary>
/// A service whose version <c>new</c> is being rolled out, what a fleet shows of it, and a watcher that plans.
/// Without further ado: two units of <c>new</c> are to replace two of <c>old</c>, and none is launched yet.
/// </summary>
internal sealed class Scene
{
    public static readonly DateTimeOffset Start = new(2015, 3, 2, 0, 31, 45, TimeSpan.Zero);

    private static readonly ServiceName s_service = ServiceName.Parse("railsapp");
    private static readonly DeployId s_new = new(s_service, VersionTag.Parse("new"), DeployTimestamp.At(Start));
    private static readonly DeployId s_old = new(s_service, VersionTag.Parse("old"), DeployTimestamp.At(Start.AddDays(-1)));

    private readonly Dictionary<UnitName, FleetUnit> _units = [];
    private readonly Dictionary<UnitName, UnitState> _states = [];

    public Scene(int oldCount = 2, DeploySpec? spec = null, bool destroyPrevious = true)
    {
        Rollout = new Rollout(s_new, new Intention
        {
            Image = "mycompany/railsapp:new",
            RequestedAt = Start,
            DestroyPrevious = destroyPrevious,
            Replaces = oldCount > 0 ? [new ReplacedDeploy(s_old.Version, s_old.Timestamp, oldCount)] : [],
            Spec = spec ?? new DeploySpec { InstanceCount = 2 },
        });
        Memory = RolloutMemory.BeginToLaunch(Rollout, Now);
        for (var instance = 1; instance <= oldCount; instance++)
        {
            Shows(Old(instance), "active/running");
        }
    }

    public Rollout Rollout { get; }

    public RolloutMemory Memory { get; set; }

    public DateTimeOffset Now { get; set; } = Start;

    public static UnitName New(int instance) => new(s_new, instance);

    public static UnitName Old(int instance) => new(s_old, instance);

    public static UnitName Other(string service, string version) =>
        new(new DeployId(ServiceName.Parse(service), VersionTag.Parse(version), DeployTimestamp.At(Start)), 1);

    /// <summary>The fleet shows a unit; no <paramref name="words"/>: it has no state yet.</summary>
    public Scene Shows(
        UnitName unit,
        string? words,
        int? restarts = null,
        string? detail = null,
        TargetState target = TargetState.Launched,
        Intention? intention = null)
    {
        _units[unit] = new FleetUnit(
            unit, target, target, words is null ? null : "machine", intention ?? (unit.Deploy == s_new ? Rollout.Intention : null));
        _states.Remove(unit);
        if (words?.Split('/') is [var active, var sub])
        {
            _states[unit] = new UnitState(unit, "machine", "loaded", active, sub) { Restarts = restarts, Detail = detail };
        }

        return this;
    }

    public Scene ShowsAllNew(string? words, TargetState target = TargetState.Launched)
    {
        foreach (var unit in Rollout.UnitNames)
        {
            Shows(unit, words, target: target);
        }

        return this;
    }

    /// <summary>The unit is gone from the list, and its state with it.</summary>
    public Scene Lacks(UnitName unit)
    {
        _states.Remove(unit);
        return LacksInList(unit);
    }

    /// <summary>The unit is gone from the list, and its process has not ended yet.</summary>
    public Scene LacksInList(UnitName unit)
    {
        _units.Remove(unit);
        return this;
    }

    public Scene After(double seconds)
    {
        Now = Now.AddSeconds(seconds);
        return this;
    }

    /// <summary>Deployster was stopped and started again.</summary>
    public Scene Restarts()
    {
        Memory = RolloutMemory.Begin(Now);
        return this;
    }

    /// <summary>Somebody asks to give the deploy up.</summary>
    public Scene Cancels()
    {
        Memory = Memory with { GivingUp = new GivingUp(DeployStatus.Cancelled, "It was cancelled by jane.") };
        return this;
    }

    public RolloutPlan Plan()
    {
        var plan = RolloutPlanner.Plan(Rollout, _units.Values, _states.Values, Memory, Now);
        Memory = plan.Memory;
        return plan;
    }
}
