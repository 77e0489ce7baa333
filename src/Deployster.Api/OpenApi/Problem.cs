using System.Text.Json.Serialization;

namespace Deployster.Api.OpenApi;

// Stands in the document for the framework's own type, which does not say what we add to it.
/// <summary>Problem details as defined by RFC 9457.</summary>
internal sealed class Problem
{
    /// <summary>The kind of problem: a link to the standard that defines the status.</summary>
    /// <example>https://tools.ietf.org/html/rfc9110#section-15.5.10</example>
    public required string Type { get; init; }

    /// <summary>The status in words.</summary>
    /// <example>Conflict</example>
    public required string Title { get; init; }

    /// <summary>The status.</summary>
    /// <example>409</example>
    public required int Status { get; init; }

    /// <summary>What is wrong, as a text for people.</summary>
    public string? Detail { get; init; }

    /// <summary>What is wrong with each field of the request; only with status 400.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The path of the deploy in progress; only with status 409.</summary>
    public string? Deploy { get; init; }

    /// <summary>The id of the request in traces.</summary>
    [JsonPropertyName("traceId")]
    public string? TraceId { get; init; }
}
