using Deployster.Application.Maintenances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Maintenances;

/// <summary>Puts together what keeps the closed services.</summary>
public static class MaintenanceServices
{
    /// <summary>Keeps them in a file of a folder.</summary>
    public static IServiceCollection AddMaintenance(this IServiceCollection services, string dataFolder) =>
        services.AddSingleton<IMaintenanceStore>(provider => new MaintenanceFile(
            Path.Combine(dataFolder, "maintenance.json"), provider.GetRequiredService<ILogger<MaintenanceFile>>()));
}
