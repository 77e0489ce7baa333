namespace Deployster.Api.Contracts;

/// <summary>What a task is for.</summary>
public enum TaskPurpose
{
    /// <summary>Somebody asked for it.</summary>
    Command,

    /// <summary>It is the release command of a deploy.</summary>
    Release,
}
