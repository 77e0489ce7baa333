namespace Deployster.Domain.Units;

/// <summary>How a unit does, in one word.</summary>
public enum Phase
{
    /// <summary>No machine has taken it yet.</summary>
    Waiting,

    /// <summary>Its image is pulled, or its container made.</summary>
    Preparing,

    /// <summary>Its process is being started. On a Fleet cluster this lasts until the unit file has found it healthy.</summary>
    Starting,

    /// <summary>Its process runs, and nobody has found it healthy yet, or it has become ill.</summary>
    Running,

    /// <summary>Its process runs and answers as its health checks ask.</summary>
    Healthy,

    /// <summary>Its process has ended, and the fleet is about to start it again.</summary>
    Restarting,

    /// <summary>Its process was asked to end and has not ended yet.</summary>
    Stopping,

    /// <summary>Its process does not run and is not meant to, or has ended with exit code 0.</summary>
    Stopped,

    /// <summary>Its process ended badly, or could not be started, and the fleet does not start it again.</summary>
    Failed,
}
