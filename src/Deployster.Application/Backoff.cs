namespace Deployster.Application;

/// <summary>Pauses between attempts that grow while the attempts fail.</summary>
internal static class Backoff
{
    /// <summary>The pause after this one: twice as long, and never longer than <paramref name="longest"/>.</summary>
    public static TimeSpan After(TimeSpan pause, TimeSpan longest) => pause * 2 < longest ? pause * 2 : longest;
}
