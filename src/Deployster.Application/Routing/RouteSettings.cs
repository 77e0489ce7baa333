using Deployster.Domain.Specs;

namespace Deployster.Application.Routing;

/// <summary>How a service's requests are handled on their way.</summary>
/// <param name="PathPrefix">The beginning of the paths that belong to the service; null for all.</param>
/// <param name="StripsPrefix">Whether units get the path without it.</param>
/// <param name="HttpsRedirect">Whether plain HTTP is redirected to HTTPS; null for as the gateway does.</param>
/// <param name="Affinity">How a client is kept at one unit; null for not at all.</param>
/// <param name="Timeouts">How long the gateway waits.</param>
public sealed record RouteSettings(
    PathPrefix? PathPrefix, bool StripsPrefix, bool? HttpsRedirect, Affinity? Affinity, Timeouts Timeouts)
{
    /// <summary>What holds for a spec of nothing but defaults.</summary>
    public static RouteSettings Default { get; } = Of(DeploySpec.Default);

    /// <summary>What a spec says.</summary>
    public static RouteSettings Of(DeploySpec spec) => new(
        spec.PathPrefix, spec.StripPrefix == true, spec.HttpsRedirect, spec.Affinity, spec.Timeouts ?? Timeouts.Default);
}
