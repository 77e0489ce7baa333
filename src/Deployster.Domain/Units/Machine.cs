namespace Deployster.Domain.Units;

/// <summary>A machine of the fleet.</summary>
/// <param name="Id">Its id in the fleet.</param>
/// <param name="Address">Its address; null where the fleet does not tell.</param>
public sealed record Machine(string Id, string? Address);
