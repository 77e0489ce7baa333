namespace Deployster.Domain.Images;

/// <summary>The names of images, as the engine writes them.</summary>
public static class ImageName
{
    private const string Hub = "docker.io/";
    private const string OldHub = "index.docker.io/";
    private const string Official = "library/";

    /// <summary>
    /// The short form of a name, by which it can be compared: without the host of Docker Hub, with a tag or a digest.
    /// <c>docker.io/library/redis</c> is <c>redis:latest</c>, <c>team/web:v1@sha256:4f0c</c> is <c>team/web@sha256:4f0c</c>.
    /// </summary>
    public static string Shorten(string name)
    {
        var rest = name.StartsWith(OldHub, StringComparison.Ordinal) ? name[OldHub.Length..]
            : name.StartsWith(Hub, StringComparison.Ordinal) ? name[Hub.Length..]
            : name;
        rest = rest.StartsWith(Official, StringComparison.Ordinal) ? rest[Official.Length..] : rest;
        return rest.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? $"{RepositoryOf(rest)}{rest[at..]}"
            : RepositoryOf(rest) == rest ? $"{rest}:latest"
            : rest;
    }

    /// <summary>A name without its tag or digest.</summary>
    public static string RepositoryOf(string name)
    {
        var path = name.Split('@', 2)[0];

        // A colon before a slash is that of a port.
        return path.LastIndexOf(':') is var colon && colon > path.LastIndexOf('/') ? path[..colon] : path;
    }
}
