namespace Deployster.Api.Contracts;

/// <summary>The body of a request to close a service for a while, or to open it again.</summary>
public sealed class MaintenanceRequest
{
    /// <summary>Whether the gateway answers the service's requests with 503 and a page.</summary>
    /// <example>true</example>
    public bool? Enabled { get; init; }

    /// <summary>What the page says, as text of at most 1000 characters; by default that the service is closed.</summary>
    /// <example>We are moving house. Back at nine.</example>
    public string? Message { get; init; }

    /// <summary>Seconds after which it may be worth to come again, 1 to 604800: the answers' Retry-After.</summary>
    /// <example>600</example>
    public int? RetryAfter { get; init; }
}
