using Deployster.Application.Health;
using Microsoft.Extensions.DependencyInjection;

namespace Deployster.Infrastructure.Health;

/// <summary>Registers what probes units.</summary>
public static class HealthRegistration
{
    /// <summary>Adds <see cref="IHealthProbe"/>.</summary>
    public static IServiceCollection AddHealthProbe(this IServiceCollection services) =>
        services.AddSingleton<IHealthProbe, HttpHealthProbe>();
}
