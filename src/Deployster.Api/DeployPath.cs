using Deployster.Domain.Names;

namespace Deployster.Api;

/// <summary>Where a deploy is found in the API.</summary>
internal static class DeployPath
{
    public static string Of(DeployId deploy) =>
        $"/v1/services/{deploy.Service}/deploys/{deploy.Version}?timestamp={deploy.Timestamp}";

    /// <summary>Where its events are.</summary>
    public static string EventsOf(DeployId deploy) =>
        $"/v1/services/{deploy.Service}/deploys/{deploy.Version}/events?timestamp={deploy.Timestamp}";
}
