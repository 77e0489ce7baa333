using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
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
/// A requested deploy. If a field from <c>instance_count</c> on is left out, it is inherited from the running version,
/// provided that exactly one runs. Null means left out. <c>{}</c> and <c>[]</c> clear a map or a list, <c>clear</c> any field.
/// </summary>
public sealed class DeployRequestBody
{
    /// <summary>The version: the image's tag.</summary>
    /// <example>7bdae1c</example>
    public string? Version { get; init; }

    /// <summary>Whether all other units of the service are destroyed once this deploy is healthy.</summary>
    public bool DestroyPrevious { get; init; }

    /// <summary>The timestamp in the units' names, in UTC. The default is the current time.</summary>
    /// <example>2015.03.02-00.31.45</example>
    public string? Timestamp { get; init; }

    /// <summary>The names of fields that are not inherited but have their defaults again: <c>["memory", "env"]</c>.</summary>
    public IReadOnlyList<string?>? Clear { get; init; }

    /// <summary>The fields of the spec by name, as <see cref="SpecFields"/> declares them.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Spec { get; init; } = [];
}
