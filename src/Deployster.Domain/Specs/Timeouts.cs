namespace Deployster.Domain.Specs;

/// <summary>How long the gateway waits for a unit and its clients. It answers 504, or breaks off what has begun.</summary>
public sealed record Timeouts
{
    /// <summary>What holds where a deploy says nothing.</summary>
    public static Timeouts Default { get; } = new();

    /// <summary>From the end of a request until the head of its answer.</summary>
    public TimeSpan Response { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two pieces of a body, or of a connection that was upgraded; null for ever.</summary>
    public TimeSpan? Idle { get; init; } = TimeSpan.FromSeconds(60);
}
