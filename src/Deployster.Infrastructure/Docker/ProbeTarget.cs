using System.Net;
using Deployster.Domain.Specs;

namespace Deployster.Infrastructure.Docker;

/// <summary>What is probed: one run of a container, which ends when any of this changes.</summary>
/// <param name="ContainerId">The container.</param>
/// <param name="StartedAt">When it was started, as the engine writes it.</param>
/// <param name="Endpoint">Where its port is published.</param>
/// <param name="Port">Its port inside.</param>
/// <param name="Check">The request to make; null where it is enough that the port answers.</param>
internal sealed record ProbeTarget(string ContainerId, string StartedAt, IPEndPoint Endpoint, int Port, HealthCheck? Check)
{
    /// <summary>How to probe a container; null where there is nothing that could answer.</summary>
    public static ProbeTarget? Of(UnitContainer unit) =>
        unit is { State.Status: "running", Endpoint: var (port, endpoint) }
            ? new ProbeTarget(unit.Id, unit.State.StartedAt ?? "", endpoint, port, unit.Intention?.Spec.HealthCheck)
            : null;
}
