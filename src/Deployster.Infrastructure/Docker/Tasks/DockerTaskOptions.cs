namespace Deployster.Infrastructure.Docker.Tasks;

/// <summary>How the engine runs tasks.</summary>
/// <param name="LogBytes">How many bytes of each task's log it keeps at the least, for a Deployster that has not read them.</param>
public sealed record DockerTaskOptions(long LogBytes);
