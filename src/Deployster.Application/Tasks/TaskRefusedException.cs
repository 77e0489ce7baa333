namespace Deployster.Application.Tasks;

/// <summary>A task keeps its rules, but cannot be started: its image is missing, or the engine refuses its container.</summary>
/// <param name="message">Why, with the registry's or the engine's words.</param>
/// <param name="mayPass">Whether trying again may help: the registry is away, or the engine about to end.</param>
public sealed class TaskRefusedException(string message, bool mayPass = false) : Exception(message)
{
    /// <summary>Whether trying again may help.</summary>
    public bool MayPass { get; } = mayPass;
}
