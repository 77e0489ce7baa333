using Deployster.Application.Fleet;
using Deployster.Application.Pruning;
using Deployster.Application.Tasks;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Deployster.Infrastructure.Docker.Networks;
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
        return services
            .AddDockerEngine(options)
            .AddSingleton<EngineEvents>()
            .AddSingleton<LogEntries>()
            .AddSingleton<UnitEvents>()
            .AddSingleton<LastEnds>()
            .AddSingleton<UnitReader>()
            .AddSingleton<UnitImages>()
            .AddSingleton<UnitPorts>()
            .AddSingleton<UnitAddresses>()
            .AddSingleton<UnitPlaces>()
            .AddSingleton<UnitMaker>()
            .AddSingleton<UnitContainers>()
            .AddSingleton<UnitRemover>()
            .AddSingleton<UnitJobs>()
            .AddSingleton<UnitLogs>()
            .AddSingleton<ImageLayers>()
            .AddSingleton<IImageStore, ImageStore>()
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
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton<DockerEngine>();
        services.TryAddSingleton<RegistryCredentials>();
        services.TryAddSingleton<ImagePulls>();
        services.TryAddSingleton<UnitNetwork>();
        services.TryAddSingleton<FurtherNetworks>();
        return services;
    }
}
