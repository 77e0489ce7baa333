using System.Collections.Immutable;
using Deployster.Domain.Names;

namespace Deployster.Domain.Specs;

/// <summary>
/// What a request says of a spec. A field that it leaves out is inherited; one that it gives as null has its default again.
/// </summary>
public sealed record SpecChanges
{
    /// <inheritdoc cref="DeploySpec.InstanceCount" />
    public Optional<int?> InstanceCount { get; init; }

    /// <inheritdoc cref="DeploySpec.Env" />
    public Optional<ImmutableSortedDictionary<string, string>?> Env { get; init; }

    /// <inheritdoc cref="DeploySpec.Port" />
    public Optional<int?> Port { get; init; }

    /// <inheritdoc cref="DeploySpec.Hosts" />
    public Optional<ImmutableArray<HostName>?> Hosts { get; init; }

    /// <inheritdoc cref="DeploySpec.Volumes" />
    public Optional<ImmutableArray<Volume>?> Volumes { get; init; }

    /// <inheritdoc cref="DeploySpec.Command" />
    public Optional<ImmutableArray<string>?> Command { get; init; }

    /// <inheritdoc cref="DeploySpec.Memory" />
    public Optional<MemorySize?> Memory { get; init; }

    /// <inheritdoc cref="DeploySpec.Cpus" />
    public Optional<decimal?> Cpus { get; init; }

    /// <inheritdoc cref="DeploySpec.HealthCheck" />
    public Optional<HealthCheck?> HealthCheck { get; init; }

    /// <inheritdoc cref="DeploySpec.MinHealthy" />
    public Optional<TimeSpan?> MinHealthy { get; init; }

    /// <inheritdoc cref="DeploySpec.Deadline" />
    public Optional<TimeSpan?> Deadline { get; init; }

    /// <summary>The names of the fields, as the API writes them, that are left out and so inherited.</summary>
    public IReadOnlyList<string> LeftOut =>
    [
        .. new (string Name, bool IsGiven)[]
        {
            ("instance_count", InstanceCount.IsGiven),
            ("env", Env.IsGiven),
            ("port", Port.IsGiven),
            ("hosts", Hosts.IsGiven),
            ("volumes", Volumes.IsGiven),
            ("command", Command.IsGiven),
            ("memory", Memory.IsGiven),
            ("cpus", Cpus.IsGiven),
            ("health_check", HealthCheck.IsGiven),
            ("min_healthy_seconds", MinHealthy.IsGiven),
            ("deadline", Deadline.IsGiven),
        }.Where(entry => !entry.IsGiven).Select(entry => entry.Name),
    ];

    /// <summary>The spec that comes of these changes.</summary>
    /// <param name="inherited">The spec of the version that runs; <see cref="DeploySpec.Default"/> where there is not exactly one.</param>
    public DeploySpec ApplyTo(DeploySpec inherited)
    {
        var defaults = DeploySpec.Default;
        return new DeploySpec
        {
            InstanceCount = InstanceCount.Or(inherited.InstanceCount) ?? defaults.InstanceCount,
            Env = Env.Or(inherited.Env) ?? defaults.Env,
            Port = Port.Or(inherited.Port) ?? defaults.Port,
            Hosts = Hosts.Or(inherited.Hosts) ?? defaults.Hosts,
            Volumes = Volumes.Or(inherited.Volumes) ?? defaults.Volumes,
            Command = Command.Or(inherited.Command) ?? defaults.Command,
            Memory = Memory.Or(inherited.Memory),
            Cpus = Cpus.Or(inherited.Cpus),
            HealthCheck = HealthCheck.Or(inherited.HealthCheck),
            MinHealthy = MinHealthy.Or(inherited.MinHealthy) ?? defaults.MinHealthy,
            Deadline = Deadline.Or(inherited.Deadline) ?? defaults.Deadline,
        };
    }
}
