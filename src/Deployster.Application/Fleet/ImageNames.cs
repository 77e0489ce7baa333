using Deployster.Domain.Names;
using Deployster.Domain.Specs;

namespace Deployster.Application.Fleet;

/// <summary>The convention by which a service's version has its image.</summary>
/// <param name="Prefix">What stands before the service's name: a user of Docker Hub, or a registry; null for nothing.</param>
public sealed record ImageNames(string? Prefix)
{
    /// <summary>The image of a version: <c>mycompany/railsapp:7bdae1c</c>, or another where the spec says so.</summary>
    public string Of(ServiceName service, VersionTag version, DeploySpec spec) => spec.Image switch
    {
        { IsReference: true } reference => $"{reference}:{version}",
        var name => $"{(string.IsNullOrEmpty(Prefix) ? "" : $"{Prefix.TrimEnd('/')}/")}{name?.Value ?? service.Value}:{version}",
    };

    /// <summary>Whether images can have names behind a prefix.</summary>
    public static bool IsPrefix(string prefix) => ImageName.Read($"{prefix.TrimEnd('/')}/x") is not null;
}
