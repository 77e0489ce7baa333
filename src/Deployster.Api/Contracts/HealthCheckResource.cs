namespace Deployster.Api.Contracts;

/// <summary>A GET request that a healthy unit answers with a 2xx status.</summary>
public sealed class HealthCheckResource
{
    /// <summary>Where to.</summary>
    /// <example>/health</example>
    public string Path { get; init; } = "";

    /// <summary>Seconds between two requests.</summary>
    public int Interval { get; init; }

    /// <summary>Seconds that an answer may take.</summary>
    public int Timeout { get; init; }
}
