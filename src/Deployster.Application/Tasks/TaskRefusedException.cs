namespace Deployster.Application.Tasks;

/// <summary>A task keeps its rules, but cannot be started: its image is missing, or the engine refuses its container.</summary>
/// <param name="message">Why, with the registry's or the engine's words.</param>
public sealed class TaskRefusedException(string message) : Exception(message);
