using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Fleet;

/// <summary>A deploy that runs.</summary>
/// <param name="Id">The deploy.</param>
/// <param name="Intention">Its intention, with the number of instances that there are now.</param>
public sealed record RunningDeploy(DeployId Id, Intention Intention)
{
    internal static RunningDeploy Of(IReadOnlyList<Unit> units)
    {
        var intention = units[0].Intention!;
        return new RunningDeploy(
            units[0].Name.DeployId, intention with { Spec = intention.Spec with { InstanceCount = units.Count } });
    }
}
