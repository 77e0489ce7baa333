namespace Deployster.Domain.Units;

/// <summary>What the fleet was told to make of a unit.</summary>
public enum Wanted
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It does not run, and may come back.</summary>
    Stopped,

    /// <summary>It never comes back. The mark destroys nothing; a Fleet cluster stops a unit with it, an engine does not.</summary>
    Gone,
}
