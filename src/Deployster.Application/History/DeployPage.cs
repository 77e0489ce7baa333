namespace Deployster.Application.History;

/// <summary>A part of a service's deploys, newest first.</summary>
/// <param name="Deploys">The deploys.</param>
/// <param name="NextCursor">Where the next part begins; null on the last.</param>
public sealed record DeployPage(IReadOnlyList<DeployRecord> Deploys, string? NextCursor);
