using Deployster.Application.Fleet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Deployster.Infrastructure.Docker;

/// <summary>Registers the Docker Engine as the fleet.</summary>
public static class DockerFleetRegistration
{
    /// <summary>Adds <see cref="IFleetClient"/> for a Docker Engine.</summary>
    public static IServiceCollection AddDockerFleet(this IServiceCollection services, DockerOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options)
            .AddSingleton<DockerEngine>()
            .AddSingleton<UnitContainers>()
            .AddSingleton<RegistryCredentials>()
            .AddSingleton<ImagePulls>()
            .AddSingleton<UnitLauncher>()
            .AddSingleton<HealthProbes>()
            .AddSingleton<PendingUnits>()
            .AddSingleton<IFleetChanges, EngineChanges>()
            .AddSingleton<IFleetClient, DockerFleetClient>();
    }
}
