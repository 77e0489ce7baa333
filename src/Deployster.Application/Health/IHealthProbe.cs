namespace Deployster.Application.Health;

/// <summary>Asks a unit once whether it is healthy.</summary>
public interface IHealthProbe
{
    /// <summary>Why the unit is not healthy; null where it is.</summary>
    Task<string?> FindComplaintAsync(ProbeTarget target, CancellationToken cancellationToken);
}
