namespace Deployster.Application.Tasks;

/// <summary>A task keeps its rules, but cannot be started: its image is missing, or has no such command.</summary>
/// <param name="message">Why, with the registry's or the engine's words.</param>
public sealed class TaskRefusedException(string message) : Exception(message);
