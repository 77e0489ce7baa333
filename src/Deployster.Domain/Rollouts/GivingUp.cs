using Deployster.Domain.Names;

namespace Deployster.Domain.Rollouts;

/// <summary>Why a deploy is given up.</summary>
/// <param name="Status">How it ends: <see cref="DeployStatus.RolledBack"/> or <see cref="DeployStatus.Cancelled"/>.</param>
/// <param name="Reason">Why, for a reader.</param>
/// <param name="Unit">The unit that is the reason; null where no single one is.</param>
public sealed record GivingUp(DeployStatus Status, string Reason, UnitName? Unit = null);
