using Deployster.Application.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Deployster.Infrastructure.Docker;

/// <summary>Registers the Docker Engine as that of tasks.</summary>
public static class DockerTaskRegistration
{
    /// <summary>Adds <see cref="ITaskEngine"/>, whether or not the engine is the fleet besides.</summary>
    public static IServiceCollection AddDockerTasks(
        this IServiceCollection services, DockerOptions engine, DockerTaskOptions tasks)
    {
        services.TryAddSingleton(engine);
        services.TryAddSingleton<DockerEngine>();
        services.TryAddSingleton<RegistryCredentials>();
        services.TryAddSingleton<ImagePulls>();
        return services
            .AddSingleton(tasks)
            .AddSingleton<TaskContainers>()
            .AddSingleton<ITaskEngine, DockerTaskEngine>();
    }
}
