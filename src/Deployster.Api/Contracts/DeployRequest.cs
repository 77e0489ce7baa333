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

    /// <summary>What is said of the spec, by the names of its fields, which <see cref="SpecFields"/> declares.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Spec { get; init; } = [];
}
