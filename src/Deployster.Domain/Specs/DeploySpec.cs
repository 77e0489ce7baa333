using System.Collections.Immutable;
using Deployster.Domain.Names;

namespace Deployster.Domain.Specs;

/// <summary>
/// How the units of a deploy run. What is not set has its default. Each property is a field that <see cref="SpecFields"/> declares.
/// </summary>
public sealed record DeploySpec
{
    /// <summary>The most units that a deploy may have.</summary>
    public const int MaxInstanceCount = 1000;

    /// <summary>The longest that any time in a spec may be.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_minHealthyWithoutPort = TimeSpan.FromSeconds(5);

    /// <summary>A spec of nothing but defaults.</summary>
    public static DeploySpec Default { get; } = new();

    private readonly TimeSpan? _minHealthy;

    /// <summary>How many units, 1 to <see cref="MaxInstanceCount"/>.</summary>
    public int InstanceCount { get; init; } = 1;

    /// <summary>The image without its tag; null for that of the service's name.</summary>
    public ImageName? Image { get; init; }

    /// <summary>Environment variables by name.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Environment variables that are never shown, by name.</summary>
    public ImmutableSortedDictionary<string, Secret> SecretEnv { get; init; } = SecretVariables.None;

    /// <summary>The port on which the service answers in its container; 0 where it answers nowhere.</summary>
    public int Port { get; init; } = 3000;

    /// <summary>The host names, beside the service's own, whose requests its units answer.</summary>
    public ImmutableArray<HostName> Hosts { get; init; } = [];

    /// <summary>The beginning of the paths whose requests its units answer; null for all.</summary>
    public PathPrefix? PathPrefix { get; init; }

    /// <summary>Whether units get the path without the prefix; null for no.</summary>
    public bool? StripPrefix { get; init; }

    /// <summary>Whether plain HTTP is redirected to HTTPS; null for as the gateway does.</summary>
    public bool? HttpsRedirect { get; init; }

    /// <summary>How a client is kept at one unit; null for not at all.</summary>
    public Affinity? Affinity { get; init; }

    /// <summary>How long the gateway waits; null for <see cref="Timeouts.Default"/>.</summary>
    public Timeouts? Timeouts { get; init; }

    /// <summary>Host folders and named volumes in the container.</summary>
    public ImmutableArray<Volume> Volumes { get; init; } = [];

    /// <summary>The argument vector that replaces the image's own command; empty for the image's own.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The line that <see cref="Command"/> was split from, for an image whose entrypoint is a shell; null where there was none.</summary>
    public string? CommandLine { get; init; }

    /// <summary>The argument vector of the command that must succeed before anything is launched; empty for none.</summary>
    public ImmutableArray<string> ReleaseCommand { get; init; } = [];

    /// <summary>The line that <see cref="ReleaseCommand"/> was split from, as for <see cref="CommandLine"/>.</summary>
    public string? ReleaseLine { get; init; }

    /// <summary>How long the release command may take.</summary>
    public TimeSpan ReleaseTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The most memory a unit may use; null for no limit.</summary>
    public MemorySize? Memory { get; init; }

    /// <summary>The most processor time a unit may use, in cores; null for no limit.</summary>
    public decimal? Cpus { get; init; }

    /// <summary>The request that tells whether a unit is healthy; null where an open port is enough.</summary>
    public HealthCheck? HealthCheck { get; init; }

    /// <summary>
    /// How long every unit must have been healthy without a break before the deploy is. Where nobody has said it, that is no
    /// time, or five seconds for a unit that answers nowhere: there is nothing else to tell that it is well.
    /// </summary>
    public TimeSpan MinHealthy
    {
        get => _minHealthy ?? (Port == 0 ? s_minHealthyWithoutPort : TimeSpan.Zero);
        init => _minHealthy = value;
    }

    /// <summary>What somebody has said of <see cref="MinHealthy"/>; null where nobody has.</summary>
    internal TimeSpan? MinHealthyAsked
    {
        get => _minHealthy;
        init => _minHealthy = value;
    }

    /// <summary>How long the deploy may take to become healthy.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long a unit that is stopped may take to end by itself before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The signal that asks a unit to end; null for the image's own, SIGTERM where that names none.</summary>
    public StopSignal? StopSignal { get; init; }

    /// <summary>How it takes the place of what it replaces; null for <see cref="Strategy.Default"/>.</summary>
    public Strategy? Strategy { get; init; }

    /// <summary>The settings of its containers that few need; null for none.</summary>
    public Container? Container { get; init; }

    /// <summary>The port in the container at which a unit can be asked whether it is healthy; null where there is none.</summary>
    public int? ProbedPort => Port != 0 ? Port : HealthCheck?.Port;

    /// <summary>All environment variables that have values here, the secret ones among them.</summary>
    public ImmutableSortedDictionary<string, string> AllEnv => Env.SetItems(
        from secret in SecretEnv
        where secret.Value.Value is not null
        select KeyValuePair.Create(secret.Key, secret.Value.Value!));

    /// <inheritdoc />
    public bool Equals(DeploySpec? other) =>
        other is not null
        && SpecFields.All.All(field => field.AreEqual(this, other));

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(InstanceCount, Port, Env.Count, Command.Length, Memory, Cpus);
}
