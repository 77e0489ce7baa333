using Deployster.Domain.Names;

namespace Deployster.Domain.Units;

/// <summary>A deploy that another replaces.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Timestamp">Its timestamp.</param>
/// <param name="UnitCount">How many units it had when the other was asked for.</param>
public sealed record ReplacedDeploy(VersionTag Version, DeployTimestamp Timestamp, int UnitCount);
