namespace Deployster.Application.Fleet;

/// <summary>What a kind of fleet does by itself, and what it leaves to Deployster.</summary>
/// <param name="Kind">The kind, as the API names it: <c>fleet</c> or <c>docker</c>.</param>
public sealed record FleetTraits(string Kind)
{
    /// <summary>Whether it keeps what units write.</summary>
    public bool KeepsLogs { get; init; }

    /// <summary>Whether it tells where units answer.</summary>
    public bool TellsEndpoints { get; init; }

    /// <summary>Whether it tells of changes as they happen.</summary>
    public bool TellsChanges { get; init; }

    /// <summary>Whether it finds out by itself which units are healthy.</summary>
    public bool ChecksHealth { get; init; }

    /// <summary>Whether its units run where tasks do, so that an image which a task runs is there for its units.</summary>
    public bool RunsTasks { get; init; }

    /// <summary>Whether it starts units again whose process ended.</summary>
    public bool Restarts { get; init; }

    /// <summary>Whether it goes on trying to start units that it could not start.</summary>
    public bool KeepsStarting { get; init; }

    /// <summary>Whether it places units again whose machine is lost.</summary>
    public bool PlacesAgain { get; init; }

    /// <summary>Whether it routes requests to units by itself.</summary>
    public bool Routes { get; init; }
}
