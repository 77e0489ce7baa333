namespace Deployster.Application.Pruning;

/// <summary>What whoever runs Deployster decides about pruning.</summary>
/// <param name="KeepImages">How many distinct images of each service stay, those that succeeded last; 0 to remove no images, and nothing by itself.</param>
public sealed record PruneSettings(int KeepImages);
