namespace Deployster.Domain.Names;

/// <summary>Names a deploy: a service, its version and the timestamp.</summary>
/// <param name="Service">The service.</param>
/// <param name="Version">Its version.</param>
/// <param name="Timestamp">When the deploy was made.</param>
public sealed record DeployId(ServiceName Service, VersionTag Version, DeployTimestamp Timestamp)
{
    /// <summary>Whether this is a deploy of a version of a service, and the one of a time where one is named.</summary>
    public bool IsOf(ServiceName service, VersionTag version, DeployTimestamp? timestamp) =>
        Service == service && Version == version && (timestamp is null || Timestamp == timestamp);

    /// <summary>The deploy's name among its service's: <c>7bdae1c:2015.03.02-00.31.45</c>.</summary>
    public string WithinService => $"{Version}:{Timestamp}";

    /// <summary><c>railsapp:7bdae1c:2015.03.02-00.31.45</c></summary>
    public override string ToString() => $"{Service}:{Version}:{Timestamp}";
}
