using System.Net;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>Which Docker Engine to deploy to, and how.</summary>
/// <param name="Address">The engine's API: <c>unix:///var/run/docker.sock</c>, <c>tcp://host:port</c> or <c>http://host:port</c>.</param>
public sealed record DockerOptions(Uri Address)
{
    /// <summary>Whether an image is pulled even if the machine has it.</summary>
    public bool PullAlways { get; init; }

    /// <summary>What of the engine is Deployster's own.</summary>
    public EngineScope Scope { get; init; } = EngineScope.None;

    /// <summary>The network that units and tasks are in; null for one of the scope's own.</summary>
    public string? Network { get; init; }

    /// <summary>The name of that network.</summary>
    public string NetworkName => Network ?? (Scope.Name is null ? "deployster" : $"deployster-{Scope.Name}");

    /// <summary>
    /// The machine's address at which units' ports are published; null for publishing only where units cannot be reached
    /// otherwise, and there on this machine alone.
    /// </summary>
    public IPAddress? Publish { get; init; }

    /// <summary>Where ports are published, if they are.</summary>
    internal IPAddress PublishAddress => Publish ?? IPAddress.Loopback;

    /// <summary>The machine's ports from which each unit is given one for its life.</summary>
    public PortRange PublishPorts { get; init; } = PortRange.Default;

    /// <summary>The folder of Docker's <c>config.json</c>, which holds the registries' credentials.</summary>
    public string ConfigFolder { get; init; } =
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");

    /// <summary>How long the engine may take over an answer, where it does not have to work for it.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long the engine may take to tell of one container, before the reading goes on without it.</summary>
    public TimeSpan InspectLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a registry may take over the first word of its answer.</summary>
    public TimeSpan RegistryLimit { get; init; } = TimeSpan.FromSeconds(15);
}
