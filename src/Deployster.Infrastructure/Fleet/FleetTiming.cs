namespace Deployster.Infrastructure.Fleet;

/// <summary>How patient to be with a fleet. It gives one request to its own store a second.</summary>
internal sealed record FleetTiming
{
    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>How long a request may take with all its attempts.</summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The pause after the first attempt; each further one is about twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a fleet is left alone that has failed again and again.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(2);
}
