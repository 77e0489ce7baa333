namespace Deployster.Application.Pruning;

/// <summary>The fleet has no images that Deployster could remove.</summary>
/// <param name="message">Why, for a reader.</param>
public sealed class PruneNotOfferedException(string message) : Exception(message);
