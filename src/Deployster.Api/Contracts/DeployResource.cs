using System.Text.Json.Serialization;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;

namespace Deployster.Api.Contracts;

/// <summary>A deploy.</summary>
public sealed class DeployResource
{
    /// <summary>The service.</summary>
    /// <example>railsapp</example>
    public string Service { get; init; } = "";

    /// <summary>The version.</summary>
    /// <example>7bdae1c</example>
    public string Version { get; init; } = "";

    /// <summary>The timestamp.</summary>
    /// <example>2015.03.02-00.31.45</example>
    public string Timestamp { get; init; } = "";

    /// <summary>The state of the deploy.</summary>
    public DeployStatus Status { get; init; }

    /// <summary>How it ended and, if it did not succeed, why; null while it is in progress.</summary>
    public string? Message { get; init; }

    /// <summary>The image; null if its units do not say which it is.</summary>
    /// <example>mycompany/railsapp:7bdae1c</example>
    public string? Image { get; init; }

    /// <summary>
    /// The id of the image that the tag pointed to at the time of the deploy. All its units run this image. It is null until
    /// the image has been pulled, and on a Fleet cluster, where each machine pulls the tag itself.
    /// </summary>
    /// <example>sha256:2d61ae04c2b8d0b5a2f6e2a1f2f0d4e8c1e0f9f6c8a7b5d3e1f0a9b8c7d6e5f4</example>
    public string? ImageId { get; init; }

    /// <summary>Whether it replaces the units that ran before.</summary>
    public bool DestroyPrevious { get; init; }

    /// <summary>The settings that its units run with.</summary>
    public SpecResource Spec { get; init; } = null!;

    /// <summary>The units it has now.</summary>
    public IReadOnlyList<UnitResource> Instances { get; init; } = [];

    /// <summary>The deploys that it replaces.</summary>
    public IReadOnlyList<PreviousResource> Previous { get; init; } = [];

    /// <summary>The state of its canary; null if it has none, if it was promoted, and when the rollout has ended.</summary>
    public CanaryResource? Canary { get; init; }

    /// <summary>When it was requested.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it ended; null while it is in progress.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The user who requested it; null if that is not recorded.</summary>
    /// <example>deployster</example>
    public string? RequestedBy { get; init; }

    /// <summary>The address from which it was requested; null if that is not recorded.</summary>
    /// <example>127.0.0.1</example>
    public string? RequestedFrom { get; init; }
}

/// <summary>A deploy that another deploy replaces.</summary>
public sealed class PreviousResource
{
    /// <summary>Its version.</summary>
    public string Version { get; init; } = "";

    /// <summary>Its timestamp.</summary>
    public string Timestamp { get; init; } = "";

    /// <summary>The number of units that it had when the other deploy was requested.</summary>
    public int UnitCount { get; init; }
}

/// <summary>The first units of a deploy, which wait to be promoted.</summary>
public sealed class CanaryResource
{
    /// <summary>Whether they are healthy and wait to be promoted.</summary>
    public bool Waiting { get; init; }

    /// <summary>Since when they wait; null while they do not.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>The settings that the units of a deploy run with.</summary>
public sealed class SpecResource
{
    /// <summary>The spec's fields by their names, as <see cref="SpecFields"/> declares them.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?> Fields { get; init; } = [];
}

/// <summary>One page of a service's deploys.</summary>
public sealed class DeployList
{
    /// <summary>The deploys, newest first. Request a single deploy to see its units.</summary>
    public required IReadOnlyList<DeployResource> Deploys { get; init; }

    /// <summary>The <c>cursor</c> for the next page; null on the last page.</summary>
    public string? NextCursor { get; init; }
}
