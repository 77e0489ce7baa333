using Deployster.Application.History;
using Deployster.Domain.Units;

namespace Deployster.Application.Deploys;

/// <summary>A deploy and the units it has now.</summary>
/// <param name="Record">The deploy.</param>
/// <param name="Units">Its units.</param>
public sealed record DeployDetails(DeployRecord Record, IReadOnlyList<Unit> Units);
