using Deployster.Domain.Specs;

namespace Deployster.Application.Deploys;

/// <summary>A health check as a request gives it.</summary>
/// <param name="Path">Where to.</param>
/// <param name="Interval">Seconds between two requests; null for the default.</param>
/// <param name="Timeout">Seconds that an answer may take; null for the default.</param>
public sealed record HealthCheckRequest(string? Path, int? Interval, int? Timeout)
{
    internal HealthCheck Read()
    {
        var check = new HealthCheck(Path ?? "/");
        return check with
        {
            Interval = Interval is { } interval ? TimeSpan.FromSeconds(interval) : check.Interval,
            Timeout = Timeout is { } timeout ? TimeSpan.FromSeconds(timeout) : check.Timeout,
        };
    }
}
