using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts;

/// <summary>
/// A service whose version <c>new</c> is being rolled out, what a fleet shows of it, and a Deployster that plans.
/// Without further ado: two units of <c>new</c> are to replace two of <c>old</c>, and none is launched yet.
/// </summary>
internal sealed class Scene
{
    /// <summary>When the deploy was asked for, by the wall clock.</summary>
    public static readonly DateTimeOffset RequestedAt = new(2015, 3, 2, 0, 31, 45, TimeSpan.Zero);

    /// <summary>The same moment by the Deployster's own clock.</summary>
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(1000);

    private static readonly ServiceName s_service = ServiceName.Parse("railsapp");
    private static readonly DeployId s_new = new(s_service, VersionTag.Parse("new"), DeployTimestamp.At(RequestedAt));
    private static readonly DeployId s_old = new(s_service, VersionTag.Parse("old"), DeployTimestamp.At(RequestedAt.AddDays(-1)));

    private static readonly DeployId s_beside = new(s_service, VersionTag.Parse("beside"), DeployTimestamp.At(RequestedAt.AddHours(-1)));

    private readonly Dictionary<UnitName, Unit> _units = [];
    private readonly Intention _oldIntention;

    public Scene(int oldCount = 2, DeploySpec? spec = null, bool destroyPrevious = true, int besideCount = 0)
    {
        Deploy = new Deploy(s_new, new Intention
        {
            Image = "mycompany/railsapp:new",
            RequestedAt = RequestedAt,
            DestroyPrevious = destroyPrevious,
            Replaces =
            [
                .. oldCount > 0 ? [new ReplacedDeploy(s_old.Version, s_old.Timestamp, oldCount)] : Array.Empty<ReplacedDeploy>(),
                .. besideCount > 0 ? [new ReplacedDeploy(s_beside.Version, s_beside.Timestamp, besideCount)] : Array.Empty<ReplacedDeploy>(),
            ],
            Spec = spec ?? new DeploySpec { InstanceCount = 2 },
        });
        _oldIntention = Deploy.Intention with
        {
            Image = "mycompany/railsapp:old",
            RequestedAt = RequestedAt.AddDays(-1),
            Replaces = [],
        };
        Memory = RolloutMemory.Begin(Deploy, Now);
        for (var instance = 1; instance <= oldCount; instance++)
        {
            Shows(Old(instance), Phase.Healthy);
        }

        for (var instance = 1; instance <= besideCount; instance++)
        {
            Shows(Beside(instance), Phase.Healthy, intention: _oldIntention with { RequestedAt = RequestedAt.AddHours(-1) });
        }
    }

    public Deploy Deploy { get; }

    public RolloutMemory Memory { get; set; }

    public TimeSpan Now { get; private set; } = Start;

    public DateTimeOffset WallClock { get; private set; } = RequestedAt;

    /// <summary>What makes all of the new set be there and run.</summary>
    public IReadOnlyCollection<Unit> Units => [.. _units.Values];

    public static KeepUnits KeepNew { get; } = new(s_new, 2, 2);

    /// <summary>What makes all of the old set be there and run.</summary>
    public static KeepUnits KeepOld { get; } = new(s_old, 2, 2);

    public static KeepUnits KeepNewOf(int units, int running) => new(s_new, units, running);

    /// <summary>What makes so many of the old set run, and has these stop.</summary>
    public static KeepUnits KeepOldOf(int units, int running, params int[] stopFirst) =>
        new(s_old, units, running) { StopFirst = [.. stopFirst.Select(Old)] };

    public static UnitName New(int instance) => new(s_new, instance);

    public static UnitName Old(int instance) => new(s_old, instance);

    /// <summary>A unit of a later deploy that is replaced, too.</summary>
    public static UnitName Beside(int instance) => new(s_beside, instance);

    public static UnitName Other(string service, string version) =>
        new(new DeployId(ServiceName.Parse(service), VersionTag.Parse(version), DeployTimestamp.At(RequestedAt)), 1);

    public static MarkGone MarkNew(params int[] instances) => new(s_new, [.. instances.Select(New)]);

    public static MarkGone MarkOld(params int[] instances) => new(s_old, [.. instances.Select(Old)]);

    public static StopUnits StopNew(params int[] instances) => new(s_new, [.. instances.Select(New)]);

    public static DestroyUnits DestroyNew(params int[] instances) => new(s_new, [.. instances.Select(New)]);

    public static DestroyUnits DestroyOld(params int[] instances) => new(s_old, [.. instances.Select(Old)]);

    /// <summary>The fleet shows a unit.</summary>
    public Scene Shows(
        UnitName name,
        Phase phase,
        int? restarts = null,
        string? detail = null,
        Wanted wanted = Wanted.Running,
        Intention? intention = null)
    {
        _units[name] = new Unit(name, wanted, phase)
        {
            MachineId = phase == Phase.Waiting ? null : "machine",
            Restarts = restarts,
            Detail = detail,
            Intention = intention ?? (name.DeployId == s_new ? Deploy.Intention : _oldIntention),
        };
        return this;
    }

    public Scene ShowsAllNew(Phase phase, Wanted wanted = Wanted.Running)
    {
        foreach (var unit in Deploy.UnitNames)
        {
            Shows(unit, phase, wanted: wanted);
        }

        return this;
    }

    /// <summary>A unit carries the mark: it is wanted gone. It runs on.</summary>
    public Scene Marks(params UnitName[] units)
    {
        foreach (var unit in units)
        {
            _units[unit] = _units[unit] with { Wanted = Wanted.Gone };
        }

        return this;
    }

    /// <summary>A unit is wanted stopped, and may come back.</summary>
    public Scene Stops(UnitName unit)
    {
        _units[unit] = _units[unit] with { Wanted = Wanted.Stopped, Phase = Phase.Stopped };
        return this;
    }

    /// <summary>Units carry no intention that can be read.</summary>
    public Scene HidesIntention(params UnitName[] units)
    {
        foreach (var unit in units)
        {
            _units[unit] = _units[unit] with { Intention = null };
        }

        return this;
    }

    /// <summary>Units are gone.</summary>
    public Scene Lacks(params UnitName[] units)
    {
        foreach (var unit in units)
        {
            _units.Remove(unit);
        }

        return this;
    }

    public Scene After(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        WallClock = WallClock.AddSeconds(seconds);
        return this;
    }

    /// <summary>Somebody sets the wall clock.</summary>
    public Scene SetsTheClock(double seconds)
    {
        WallClock = WallClock.AddSeconds(seconds);
        return this;
    }

    /// <summary>Deployster was stopped and started again: its own clock begins anew.</summary>
    public Scene Restarts()
    {
        Now = TimeSpan.FromSeconds(7);
        Memory = RolloutMemory.TakeUp(Deploy, Now, WallClock);
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
        var plan = RolloutPlanner.Plan(Deploy, _units.Values, Memory, Now);
        Memory = plan.Memory;
        return plan;
    }
}
