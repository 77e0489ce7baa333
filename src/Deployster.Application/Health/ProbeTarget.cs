using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Health;

/// <summary>What is probed: one run of a unit's process, which ends when any of this changes.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Run">The run of its process.</param>
/// <param name="Endpoint">Where it answers, <c>host:port</c>.</param>
/// <param name="Port">Its port inside.</param>
/// <param name="Check">The request to make; null where it is enough that the port answers.</param>
public sealed record ProbeTarget(UnitName Unit, string? Run, string Endpoint, int Port, HealthCheck? Check)
{
    /// <summary>How to probe a unit; null where there is nothing that could answer.</summary>
    public static ProbeTarget? Of(Unit unit) => unit is { Phase: Phase.Running, Endpoint: { } endpoint }
        ? new ProbeTarget(
            unit.Name, unit.Run, endpoint, (unit.Intention?.Spec ?? DeploySpec.Default).ProbedPort ?? DeploySpec.Default.Port, unit.Intention?.Spec.HealthCheck)
        : null;
}
