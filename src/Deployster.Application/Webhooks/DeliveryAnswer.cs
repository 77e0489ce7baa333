namespace Deployster.Application.Webhooks;

/// <summary>What a receiver made of an attempt.</summary>
/// <param name="MayBeTriedAgain">Whether another attempt may go better.</param>
/// <param name="Complaint">What went wrong, for a reader, without the URL; null where the receiver has taken it.</param>
/// <param name="After">How long the receiver wants to be left alone; null where it does not say.</param>
public sealed record DeliveryAnswer(bool MayBeTriedAgain, string? Complaint, TimeSpan? After)
{
    /// <summary>The receiver has taken it.</summary>
    public static DeliveryAnswer Taken { get; } = new(false, null, null);

    /// <summary>The receiver does not take it, and never will.</summary>
    public static DeliveryAnswer Refused(string complaint) => new(false, complaint, null);

    /// <summary>It was not taken this time.</summary>
    public static DeliveryAnswer Failed(string complaint, TimeSpan? after = null) => new(true, complaint, after);
}
