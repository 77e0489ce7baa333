using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;

namespace Deployster.Application.Deploys;

/// <summary>What a request says of a spec, as it came: its texts are not read yet.</summary>
public sealed record SpecRequest
{
    /// <inheritdoc cref="DeploySpec.InstanceCount" />
    public Optional<int?> InstanceCount { get; init; }

    /// <inheritdoc cref="DeploySpec.Env" />
    public Optional<IReadOnlyDictionary<string, string?>?> Env { get; init; }

    /// <inheritdoc cref="DeploySpec.Port" />
    public Optional<int?> Port { get; init; }

    /// <inheritdoc cref="DeploySpec.Hosts" />
    public Optional<IReadOnlyList<string?>?> Hosts { get; init; }

    /// <summary>Volumes as <c>docker run -v</c> takes them.</summary>
    public Optional<IReadOnlyList<string?>?> Volumes { get; init; }

    /// <inheritdoc cref="DeploySpec.Command" />
    public Optional<CommandText?> Command { get; init; }

    /// <summary>Memory as <c>docker run</c> takes it: <c>512m</c>.</summary>
    public Optional<string?> Memory { get; init; }

    /// <inheritdoc cref="DeploySpec.Cpus" />
    public Optional<decimal?> Cpus { get; init; }

    /// <inheritdoc cref="DeploySpec.HealthCheck" />
    public Optional<HealthCheckRequest?> HealthCheck { get; init; }

    /// <summary>How long every unit must have been healthy, in seconds.</summary>
    public Optional<int?> MinHealthySeconds { get; init; }

    /// <summary>How long the deploy may take, in seconds.</summary>
    public Optional<int?> Deadline { get; init; }

    /// <summary>The changes that the request asks for. It must have been found valid.</summary>
    internal SpecChanges Read() => new()
    {
        InstanceCount = InstanceCount,
        Env = Map(Env, env => (ImmutableSortedDictionary<string, string>?)env.ToImmutableSortedDictionary(
            pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal)),
        Port = Port,
        Hosts = Map(Hosts, hosts => (ImmutableArray<HostName>?)[.. hosts.Select(text => HostName.Parse(text!))]),
        Volumes = Map(Volumes, volumes => (ImmutableArray<Volume>?)[.. volumes.Select(text => Volume.TryParse(text, out var volume)
            ? volume
            : throw new FormatException(Volume.Rule))]),
        Command = Map(Command, command => (ImmutableArray<string>?)command.Split()),
        Memory = Map(Memory, text => MemorySize.TryParse(text, out var size)
            ? (MemorySize?)size
            : throw new FormatException(MemorySize.Rule)),
        Cpus = Cpus,
        HealthCheck = Map(HealthCheck, check => (HealthCheck?)check.Read()),
        MinHealthy = Map(MinHealthySeconds, Seconds),
        Deadline = Map(Deadline, Seconds),
    };

    private static TimeSpan? Seconds(int? seconds) => seconds is { } number ? TimeSpan.FromSeconds(number) : null;

    private static Optional<TTo?> Map<TFrom, TTo>(Optional<TFrom?> given, Func<TFrom, TTo?> read) =>
        !given.IsGiven ? default : new Optional<TTo?>(given.Value is { } value ? read(value) : default);
}
