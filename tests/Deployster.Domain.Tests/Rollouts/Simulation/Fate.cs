namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>What becomes of a unit.</summary>
internal enum Fate
{
    /// <summary>It gets healthy and stays so.</summary>
    Good,

    /// <summary>It gets healthy, is restarted once, and gets healthy again.</summary>
    Flaps,

    /// <summary>It ends badly before it was healthy.</summary>
    Fails,

    /// <summary>It gets healthy and ends badly some seconds later.</summary>
    DiesLater,

    /// <summary>It is restarted again and again and never gets healthy.</summary>
    CrashLoops,

    /// <summary>It starts for ever.</summary>
    NeverHealthy,

    /// <summary>No machine takes it.</summary>
    NoMachine,
}
