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

    /// <summary>How far the deploy has come.</summary>
    public DeployStatus Status { get; init; }

    /// <summary>How it ended, and where it did not end well, why; null while it is under way.</summary>
    public string? Message { get; init; }

    /// <summary>The image; null where its units do not tell.</summary>
    /// <example>mycompany/railsapp:7bdae1c</example>
    public string? Image { get; init; }

    /// <summary>
    /// The id of the image that the tag meant at the deploy, by which all its units run; null until the image is there, and
    /// where the fleet cannot tell: each machine of a Fleet cluster pulls the tag itself.
    /// </summary>
    /// <example>sha256:2d61ae04c2b8d0b5a2f6e2a1f2f0d4e8c1e0f9f6c8a7b5d3e1f0a9b8c7d6e5f4</example>
    public string? ImageId { get; init; }

    /// <summary>Whether it takes the place of what ran before.</summary>
    public bool DestroyPrevious { get; init; }

    /// <summary>How its units run.</summary>
    public SpecResource Spec { get; init; } = null!;

    /// <summary>The units it has now.</summary>
    public IReadOnlyList<UnitResource> Instances { get; init; } = [];

    /// <summary>The deploys that it replaces.</summary>
    public IReadOnlyList<PreviousResource> Previous { get; init; } = [];

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it ended; null while it is under way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who asked for it; null where that is not remembered.</summary>
    /// <example>deployster</example>
    public string? RequestedBy { get; init; }

    /// <summary>The address from which it was asked for; null where that is not remembered.</summary>
    /// <example>127.0.0.1</example>
    public string? RequestedFrom { get; init; }
}

/// <summary>A deploy that another replaces.</summary>
public sealed class PreviousResource
{
    /// <summary>Its version.</summary>
    public string Version { get; init; } = "";

    /// <summary>Its timestamp.</summary>
    public string Timestamp { get; init; } = "";

    /// <summary>How many units it had when the other was asked for.</summary>
    public int UnitCount { get; init; }
}

/// <summary>How the units of a deploy run.</summary>
public sealed class SpecResource
{
    /// <summary>The spec's fields by their names, as <see cref="SpecFields"/> declares them.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?> Fields { get; init; } = [];
}

/// <summary>A part of a service's deploys.</summary>
public sealed class DeployList
{
    /// <summary>The deploys, newest first; their units are told by each deploy itself.</summary>
    public required IReadOnlyList<DeployResource> Deploys { get; init; }

    /// <summary>What to give as <c>cursor</c> for the next part; null on the last.</summary>
    public string? NextCursor { get; init; }
}
