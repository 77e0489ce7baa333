using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>Since when one Deployster has seen each unit of a deploy healthy without a break, by its clock.</summary>
internal sealed class ObservedHealth(Deploy deploy)
{
    private readonly Dictionary<UnitName, (TimeSpan Since, int Restarts)> _healthy = [];

    /// <summary>Takes in what the Deployster sees at a look.</summary>
    public void Observe(Look look)
    {
        var seen = look.Units
            .Where(unit => unit.Name.DeployId == deploy.Id && unit is { IsHealthy: true, IsWanted: true })
            .ToDictionary(unit => unit.Name, unit => unit.Restarts ?? 0);
        foreach (var name in _healthy.Keys.Except(seen.Keys).ToList())
        {
            _healthy.Remove(name);
        }

        foreach (var (name, restarts) in seen)
        {
            var goesOn = _healthy.TryGetValue(name, out var before) && restarts <= before.Restarts;
            _healthy[name] = (goesOn ? before.Since : look.Now, restarts);
        }
    }

    /// <summary>Whether there are as many units as there are to be that have been healthy for long enough.</summary>
    public bool IsSetHealthy(TimeSpan now) =>
        _healthy.Values.Count(unit => now - unit.Since >= deploy.Intention.Spec.MinHealthy) >= deploy.Intention.Spec.InstanceCount;
}
