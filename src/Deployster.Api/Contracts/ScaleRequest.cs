namespace Deployster.Api.Contracts;

/// <summary>The body of a request to scale.</summary>
public sealed class ScaleRequest
{
    /// <summary>The wanted number of units, 1 to 1000.</summary>
    /// <example>3</example>
    public int? InstanceCount { get; init; }
}
