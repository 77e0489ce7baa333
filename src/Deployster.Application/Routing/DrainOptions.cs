namespace Deployster.Application.Routing;

/// <summary>How units are taken out of the gateways.</summary>
/// <param name="Timeout">How long requests in flight may keep a unit from being destroyed.</param>
public sealed record DrainOptions(TimeSpan Timeout)
{
    /// <summary>
    /// How long Deployster waits, once it has started, for gateways that followed it before: it cannot know of them,
    /// and they find back to it within this time.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);
}
