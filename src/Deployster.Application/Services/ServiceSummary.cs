using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Services;

/// <summary>A service and what runs of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Deploys">Its deploys that have units, newest first.</param>
/// <param name="UnderWayId">The deploy whose rollout is under way; null where none is.</param>
public sealed record ServiceSummary(ServiceName Name, IReadOnlyList<DeploySummary> Deploys, DeployId? UnderWayId)
{
    /// <summary>The units of all its deploys.</summary>
    public IReadOnlyList<Unit> Units { get; init; } = [];
}

/// <summary>A deploy and how many units it has.</summary>
/// <param name="DeployId">The deploy.</param>
/// <param name="UnitCount">How many units there are.</param>
/// <param name="HealthyCount">How many of them are healthy.</param>
public sealed record DeploySummary(DeployId DeployId, int UnitCount, int HealthyCount);
