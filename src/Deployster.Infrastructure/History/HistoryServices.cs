using Deployster.Application.History;
using Deployster.Application.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Deployster.Infrastructure.History;

/// <summary>Puts the history's services together.</summary>
public static class HistoryServices
{
    /// <summary>Adds the history in SQLite. Nothing is opened before it is used for the first time.</summary>
    public static IServiceCollection AddHistory(this IServiceCollection services, HistoryOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.KeepPerService, 1);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        return services
            .AddSingleton(new HistoryFile(options.DataFolder))
            .AddSingleton<LightSync>()
            .AddSingleton<HistoryOpener>(provider => provider.GetRequiredService<LightSync>().Open)
            .AddSingleton<HistorySchema>()
            .AddSingleton<HistoryDatabase>()
            .AddSingleton<IDeployHistory, SqliteDeployHistory>()
            .AddSingleton<ITaskHistory, SqliteTaskHistory>();
    }
}
