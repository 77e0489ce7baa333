using Deployster.Application.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace Deployster.Infrastructure.Outputs;

/// <summary>Puts the keeping of outputs together.</summary>
public static class TaskOutputServices
{
    /// <summary>Adds the outputs of tasks in the data folder.</summary>
    public static IServiceCollection AddTaskOutputs(this IServiceCollection services, TaskOutputOptions options) => services
        .AddSingleton(options)
        .AddSingleton<ITaskOutputs, TaskOutputs>();
}
