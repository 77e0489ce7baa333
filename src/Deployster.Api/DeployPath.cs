using Deployster.Domain.Names;

namespace Deployster.Api;

/// <summary>Where a deploy is found in the API.</summary>
internal static class DeployPath
{
    public static string Of(DeployId deployId) =>
        $"/v1/services/{deployId.Service}/deploys/{deployId.Version}?timestamp={deployId.Timestamp}";

    /// <summary>Where its events are.</summary>
    public static string EventsOf(DeployId deployId) =>
        $"/v1/services/{deployId.Service}/deploys/{deployId.Version}/events?timestamp={deployId.Timestamp}";
}
