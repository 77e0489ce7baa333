using Deployster.Domain.Names;

namespace Deployster.Application.Fleet;

/// <summary>The convention by which a service's version has its image.</summary>
/// <param name="Prefix">What stands before the service's name: a user of Docker Hub, or a registry; null for nothing.</param>
public sealed record ImageNames(string? Prefix)
{
    /// <summary>The image of a version: <c>mycompany/railsapp:7bdae1c</c>.</summary>
    public string Of(ServiceName service, VersionTag version) =>
        string.IsNullOrEmpty(Prefix) ? $"{service}:{version}" : $"{Prefix.TrimEnd('/')}/{service}:{version}";
}
