using Deployster.Application.Behaviours;
using Deployster.Application.Deploys;
using Deployster.Application.Fleet;
using Deployster.Application.Health;
using Deployster.Application.History;
using Deployster.Application.Hosts;
using Deployster.Application.Maintenances;
using Deployster.Application.Output;
using Deployster.Application.Pruning;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Application.Services;
using Deployster.Application.Tasks;
using Deployster.Application.Units;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Deployster.Application;

/// <summary>Puts the application's services together.</summary>
public static class ApplicationServices
{
    /// <summary>The name of the meter that counts rollouts.</summary>
    public const string MeterName = "Deployster";

    /// <summary>
    /// Adds the use cases. The ports <see cref="IFleetClient"/>, <see cref="IHealthProbe"/>, <see cref="IDeployHistory"/>,
    /// <see cref="ITaskEngine"/>, <see cref="ITaskHistory"/> and <see cref="ITaskOutputs"/> must be added besides.
    /// </summary>
    public static IServiceCollection AddDeploysterApplication(
        this IServiceCollection services, ImageNames images, TaskSettings tasks)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITraffic, NoTraffic>();
        services.TryAddSingleton(new HostNames("localhost"));
        services.TryAddSingleton<IImageStore, NoImages>();
        services.TryAddSingleton(new PruneSettings(0));
        services.AddSingleton(images);
        services.AddSingleton<HealthMonitor>();
        services.AddSingleton<FleetMonitor>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FleetMonitor>());
        services.AddSingleton<ServiceLocks>();
        services.AddSingleton<LiveRollouts>();
        services.AddSingleton<DeployActions>();
        services.AddSingleton<DeployArchive>();
        services.AddSingleton<DeployMetrics>();
        services.AddSingleton<RolloutAdoption>();
        services.AddSingleton<UnitKeeper>();
        services.AddSingleton<UnitSweeper>();
        services.AddSingleton<UnitRemoval>();
        services.AddSingleton<LastLines>();
        services.AddSingleton<Releases.Releases>();
        services.AddSingleton<RolloutStep>();
        services.AddSingleton<RolloutReconciler>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RolloutReconciler>());
        services.AddSingleton<HostClaims>();
        services.AddSingleton<DeployStarter>();
        services.AddSingleton<DeployFinder>();
        services.AddSingleton(tasks);
        services.AddSingleton<LiveTasks>();
        services.AddSingleton<TaskArchive>();
        services.AddSingleton<TaskWatch>();
        services.AddSingleton<TaskRunner>();
        services.AddSingleton<TaskFinder>();
        services.AddSingleton<TaskSweep>();
        services.AddSingleton<IHostedService, TaskAdoption>();
        services.AddSingleton<ImageClaims>();
        services.AddSingleton<DuePrunes>();
        services.AddSingleton<LeftOvers>();
        services.AddSingleton<Pruner>();

        services.AddTransient<ServiceFactory>(provider => provider.GetService!);
        services.AddTransient<IMediator, Mediator>();
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(LoggingBehaviour<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(ValidationBehaviour<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(AdoptionBehaviour<,>));
        services.AddValidatorsFromAssembly(
            typeof(ApplicationServices).Assembly, ServiceLifetime.Singleton, includeInternalTypes: true);

        return services
            .AddHandler<ListServices, IReadOnlyList<ServiceSummary>, ListServicesHandler>()
            .AddHandler<ListUnits, IReadOnlyList<Domain.Units.Unit>, ListUnitsHandler>()
            .AddHandler<ReadUnitLog, IOutputReader, ReadUnitLogHandler>()
            .AddHandler<DeployVersion, DeployDetails, DeployVersionHandler>()
            .AddHandler<PreviewDeploy, DeployPreview, PreviewDeployHandler>()
            .AddHandler<GetDeploy, DeployDetails, GetDeployHandler>()
            .AddHandler<ListDeploys, DeployPage, ListDeploysHandler>()
            .AddHandler<FollowDeploy, IAsyncEnumerable<DeployEvent>, FollowDeployHandler>()
            .AddHandler<DestroyVersion, Unit, DestroyVersionHandler>()
            .AddHandler<PromoteDeploy, DeployDetails, PromoteDeployHandler>()
            .AddHandler<RollBack, DeployDetails, RollBackHandler>()
            .AddHandler<ScaleService, DeployDetails, ScaleServiceHandler>()
            .AddHandler<RunTask, FollowedTask, RunTaskHandler>()
            .AddHandler<GetTask, TaskRecord, GetTaskHandler>()
            .AddHandler<ListTasks, TaskPage, ListTasksHandler>()
            .AddHandler<ReadTaskOutput, FollowedTask, ReadTaskOutputHandler>()
            .AddHandler<CancelTask, Unit, CancelTaskHandler>()
            .AddHandler<FollowRoutes, IAsyncEnumerable<RoutingTable>, FollowRoutesHandler>()
            .AddHandler<TellDrained, Unit, TellDrainedHandler>()
            .AddHandler<SetMaintenance, Maintenance?, SetMaintenanceHandler>()
            .AddHandler<FindMaintenance, Maintenance?, FindMaintenanceHandler>()
            .AddHandler<ListHosts, IReadOnlyList<RoutedHost>, ListHostsHandler>()
            .AddHandler<Prune, PruneResult, PruneHandler>();
    }

    /// <summary>
    /// Adds the routing table for gateways, of a fleet that tells where its units answer.
    /// </summary>
    public static IServiceCollection AddDeploysterRouting(
        this IServiceCollection services, HostNames names, DrainOptions drain) => services
        .AddSingleton(names)
        .AddSingleton(drain)
        .AddSingleton<Routes>()
        .AddSingleton<ClosedServices>()
        .AddSingleton<ITraffic>(provider => provider.GetRequiredService<Routes>())
        .AddHostedService<RouteWatcher>();

    /// <summary>Adds what prunes after each success, for a fleet that has an <see cref="IImageStore"/>.</summary>
    public static IServiceCollection AddDeploysterPruning(this IServiceCollection services, PruneSettings settings) => services
        .AddSingleton(settings)
        .AddHostedService<PruneAfterSuccess>();

    private static IServiceCollection AddHandler<TRequest, TResponse, THandler>(this IServiceCollection services)
        where TRequest : IRequest<TResponse>
        where THandler : class, IRequestHandler<TRequest, TResponse> =>
        services.AddTransient<IRequestHandler<TRequest, TResponse>, THandler>();
}
