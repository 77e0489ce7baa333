using Deployster.Application.Fleet;
using Deployster.Application.Tasks;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Deployster.Infrastructure.Docker.Tasks;
using Deployster.Infrastructure.Docker.Units;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Deployster.Infrastructure.Docker;

/// <summary>Registers the Docker Engine: as the fleet, and as what runs tasks.</summary>
public static class DockerRegistration
{
    /// <summary>Adds <see cref="IFleetClient"/> for a Docker Engine.</summary>
    public static IServiceCollection AddDockerFleet(this IServiceCollection services, DockerOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddDockerEngine(options)
            .AddSingleton<UnitContainers>()
            .AddSingleton<DeployImages>()
            .AddSingleton<PublishedPorts>()
            .AddSingleton<UnitLauncher>()
            .AddSingleton<EndedRuns>()
            .AddSingleton<PendingUnits>()
            .AddSingleton<IFleetClient, DockerFleet>();
    }

    /// <summary>Adds <see cref="ITaskEngine"/>, whether or not the engine is the fleet besides.</summary>
    public static IServiceCollection AddDockerTasks(
        this IServiceCollection services, DockerOptions engine, DockerTaskOptions tasks) => services
        .AddDockerEngine(engine)
        .AddSingleton(tasks)
        .AddSingleton<TaskContainers>()
        .AddSingleton<ITaskEngine, DockerTaskEngine>();

    private static IServiceCollection AddDockerEngine(this IServiceCollection services, DockerOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<DockerEngine>();
        services.TryAddSingleton<RegistryCredentials>();
        services.TryAddSingleton<ImagePulls>();
        return services;
    }
}
