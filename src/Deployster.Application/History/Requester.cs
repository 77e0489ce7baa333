namespace Deployster.Application.History;

/// <summary>Who asked for something.</summary>
/// <param name="User">The name they logged in with.</param>
/// <param name="Address">The address they came from; null where there is none.</param>
public sealed record Requester(string User, string? Address);
