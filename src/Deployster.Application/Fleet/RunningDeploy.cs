using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Fleet;

/// <summary>A deploy that runs.</summary>
/// <param name="Deploy">The deploy.</param>
/// <param name="Intention">Its intention, with the number of instances that there are now.</param>
public sealed record RunningDeploy(DeployId Deploy, Intention Intention);
