using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Deploys;

/// <summary>What a deploy would do.</summary>
/// <param name="Record">The deploy.</param>
/// <param name="Inherited">The spec's fields that the request left out and that the running version gives.</param>
/// <param name="Launch">The units it would launch, with what the fleet would be handed.</param>
/// <param name="Destroy">The units it would destroy once it is healthy.</param>
public sealed record DeployPreview(
    DeployRecord Record,
    IReadOnlyList<string> Inherited,
    IReadOnlyList<(UnitName Unit, IReadOnlyList<UnitOption> Options)> Launch,
    IReadOnlyList<UnitName> Destroy);
