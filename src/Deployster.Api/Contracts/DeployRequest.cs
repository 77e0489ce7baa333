using System.ComponentModel.DataAnnotations;
using Deployster.Application;
using Deployster.Domain.Specs;

namespace Deployster.Api.Contracts;

/// <summary>The body of a request to deploy.</summary>
public sealed class DeployRequest
{
    /// <summary>The deploy.</summary>
    [Required(ErrorMessage = "is missing.")]
    public DeployRequestBody Deploy { get; init; } = null!;
}

/// <summary>
/// A deploy that is asked for. Of the fields from <c>instance_count</c> on, one that is left out is taken from the version
/// that runs, where exactly one does, and one that is null has its default.
/// </summary>
public sealed class DeployRequestBody
{
    /// <summary>The version: the image's tag.</summary>
    /// <example>7bdae1c</example>
    public string? Version { get; init; }

    /// <summary>Whether all other units of the service are destroyed once this deploy is healthy.</summary>
    public bool DestroyPrevious { get; init; }

    /// <summary>The timestamp in the units' names, UTC; now where it is left out.</summary>
    /// <example>2015.03.02-00.31.45</example>
    public string? Timestamp { get; init; }

    /// <summary>How many units, 1 to 1000; by default 1.</summary>
    public Optional<int?> InstanceCount { get; init; }

    /// <summary>Environment variables by name.</summary>
    public Optional<Dictionary<string, string?>?> Env { get; init; }

    /// <summary>The port on which the service answers in its container; by default 3000.</summary>
    public Optional<int?> Port { get; init; }

    /// <summary>Host names beside the service's own whose requests the gateway sends to its units: <c>www.example.com</c>.</summary>
    public Optional<List<string?>?> Hosts { get; init; }

    /// <summary>Host folders and named volumes, as docker run takes them: <c>/srv/data:/data:ro</c>.</summary>
    public Optional<List<string?>?> Volumes { get; init; }

    /// <summary>What runs in the container instead of the image's own command: a list of words, or a line that is split as a shell does.</summary>
    public Optional<CommandText?> Command { get; init; }

    /// <summary>The most memory a unit may use: <c>512m</c>; by default there is no limit.</summary>
    public Optional<string?> Memory { get; init; }

    /// <summary>The most processor time a unit may use, in cores; by default there is no limit.</summary>
    public Optional<decimal?> Cpus { get; init; }

    /// <summary>The request that a healthy unit answers with 2xx; by default an open port is enough.</summary>
    public Optional<HealthCheckBody?> HealthCheck { get; init; }

    /// <summary>How many seconds every unit must have been healthy without a break; by default 0.</summary>
    public Optional<int?> MinHealthySeconds { get; init; }

    /// <summary>How many seconds the deploy may take to become healthy; by default 300.</summary>
    public Optional<int?> Deadline { get; init; }
}

/// <summary>A GET request that a healthy unit answers with a 2xx status.</summary>
public sealed class HealthCheckBody
{
    /// <summary>Where to.</summary>
    /// <example>/health</example>
    public string? Path { get; init; }

    /// <summary>Seconds between two requests, 1 to 300; by default 1.</summary>
    public int? Interval { get; init; }

    /// <summary>Seconds that an answer may take, 1 to 60; by default 5.</summary>
    public int? Timeout { get; init; }
}
