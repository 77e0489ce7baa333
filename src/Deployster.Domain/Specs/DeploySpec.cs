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

    /// <summary>A spec of nothing but defaults.</summary>
    public static DeploySpec Default { get; } = new();

    /// <summary>How many units, 1 to <see cref="MaxInstanceCount"/>.</summary>
    public int InstanceCount { get; init; } = 1;

    /// <summary>Environment variables by name.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The port on which the service answers in its container.</summary>
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

    /// <summary>The most memory a unit may use; null for no limit.</summary>
    public MemorySize? Memory { get; init; }

    /// <summary>The most processor time a unit may use, in cores; null for no limit.</summary>
    public decimal? Cpus { get; init; }

    /// <summary>The request that tells whether a unit is healthy; null where an open port is enough.</summary>
    public HealthCheck? HealthCheck { get; init; }

    /// <summary>How long every unit must have been healthy without a break before the deploy is.</summary>
    public TimeSpan MinHealthy { get; init; } = TimeSpan.Zero;

    /// <summary>How long the deploy may take to become healthy.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long a unit that is stopped may take to end by itself before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The signal that asks a unit to end; null for the image's own, SIGTERM where that names none.</summary>
    public StopSignal? StopSignal { get; init; }

    /// <summary>How it takes the place of what it replaces; null for <see cref="Strategy.Default"/>.</summary>
    public Strategy? Strategy { get; init; }

    /// <inheritdoc />
    public bool Equals(DeploySpec? other) =>
        other is not null
        && SpecFields.All.All(field => field.AreEqual(this, other));

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(InstanceCount, Port, Env.Count, Command.Length, Memory, Cpus);
}
