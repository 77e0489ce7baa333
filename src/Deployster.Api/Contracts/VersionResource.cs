namespace Deployster.Api.Contracts;

/// <summary>The version of this server.</summary>
public sealed class VersionResource
{
    /// <summary>Deployster's own version.</summary>
    /// <example>1.0.0</example>
    public required string Version { get; init; }

    /// <summary>The kind of fleet that it drives: <c>fleet</c> or <c>docker</c>.</summary>
    /// <example>docker</example>
    public required string Fleet { get; init; }
}
