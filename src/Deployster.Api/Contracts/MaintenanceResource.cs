namespace Deployster.Api.Contracts;

/// <summary>Whether a service is closed for a while.</summary>
public sealed class MaintenanceResource
{
    /// <summary>Whether the gateway answers the service's requests with 503 and a page.</summary>
    public required bool Enabled { get; init; }

    /// <summary>What the page says; null for what the gateway says by itself.</summary>
    public string? Message { get; init; }

    /// <summary>Seconds after which it may be worth to come again; null where nobody knows.</summary>
    public int? RetryAfter { get; init; }
}
