using System.Diagnostics;
using Deployster.Application.Deploys;
using Deployster.Application.Fleet;
using Deployster.Application.Health;
using Deployster.Application.History;
using Deployster.Application.Pruning;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace Deployster.Application.Tests.Kit;

/// <summary>The whole application over a fleet, a history and a clock that a test holds in its hands.</summary>
internal sealed class TestDeployster : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _provider;
    private bool _isDisposed;

    public TestDeployster(InMemoryFleet? fleet = null, FakeHistory? history = null, WatchClock? clock = null, int keepImages = 2)
    {
        Fleet = fleet ?? new InMemoryFleet();
        History = history ?? new FakeHistory();
        Clock = clock ?? new WatchClock();
        _provider = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IFleetClient>(Fleet)
            .AddSingleton<IDeployHistory>(History)
            .AddSingleton(Traffic)
            .AddSingleton(Substitute.For<IHealthProbe>())
            .AddSingleton<IImageStore>(Images)
            .AddSingleton(TaskEngine)
            .AddSingleton(TaskHistory)
            .AddSingleton(Substitute.For<ITaskOutputs>())
            .AddSingleton(Substitute.For<IHostApplicationLifetime>())
            .AddDeploysterApplication(new ImageNames("mycompany"), new TaskSettings(TimeSpan.FromMinutes(10), 20))
            .AddDeploysterPruning(new PruneSettings(keepImages))
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        Clock.Woken = () => (Monitor.Latest?.Version, Rollouts.Changed);
    }

    public InMemoryFleet Fleet { get; }

    public FakeHistory History { get; }

    public WatchClock Clock { get; }

    public FakeImageStore Images { get; } = new();

    public ITaskEngine TaskEngine { get; } = Substitute.For<ITaskEngine>();

    public ITaskHistory TaskHistory { get; } = Substitute.For<ITaskHistory>();

    public ITraffic Traffic { get; } = Substitute.For<ITraffic>();

    public LogCapture Log { get; } = new();

    public LiveRollouts Rollouts => _provider.GetRequiredService<LiveRollouts>();

    public FleetMonitor Monitor => _provider.GetRequiredService<FleetMonitor>();

    /// <summary>What prunes after each success; it does not until it is started.</summary>
    public IHostedService PruneAfterSuccess => _provider.GetServices<IHostedService>().OfType<PruneAfterSuccess>().Single();

    private RolloutReconciler Reconciler => _provider.GetRequiredService<RolloutReconciler>();

    /// <summary>One whose reconciler is at work.</summary>
    public static async Task<TestDeployster> StartAsync(
        InMemoryFleet? fleet = null, FakeHistory? history = null, WatchClock? clock = null)
    {
        var deployster = new TestDeployster(fleet, history, clock);
        await deployster.BeginAsync();
        return deployster;
    }

    /// <summary>Lets the reconciler begin its work.</summary>
    public async Task BeginAsync()
    {
        await Reconciler.StartAsync(default);
        await RestAsync();
    }

    public Task<T> SendAsync<T>(IRequest<T> request, CancellationToken cancellationToken = default) =>
        _provider.GetRequiredService<IMediator>().Send(request, cancellationToken).WaitAsync(WaitFor.Limit, CancellationToken.None);

    /// <summary>Deploys a version of <see cref="Sample.Service"/>.</summary>
    public async Task<DeployId> DeployAsync(string version, bool destroyPrevious = false, SpecChanges? spec = null)
    {
        var details = await SendAsync(new DeployVersion
        {
            Service = Sample.Service.Value,
            Version = version,
            DestroyPrevious = destroyPrevious,
            Spec = spec ?? SpecChanges.None,
        });
        return details.Record.DeployId;
    }

    /// <summary>Deploys a version and carries it through, so that it runs. A second passes: the next has another timestamp.</summary>
    public async Task<DeployId> RunAsync(string version, SpecChanges? spec = null, bool destroyPrevious = false)
    {
        var deploy = await DeployAsync(version, destroyPrevious, spec);
        await EndAsync(deploy);
        Clock.Advance(TimeSpan.FromSeconds(1));
        return deploy;
    }

    public DeployRecord RecordOf(DeployId deploy) => Rollouts.Find(deploy)!.Record;

    public IReadOnlyList<DeployEvent> EventsOf(DeployId deploy) => Rollouts.Find(deploy)!.Events;

    /// <summary>Lets the reconciler work once for each pause.</summary>
    public async Task TickAsync(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            await RestAsync();
            Clock.EndPause();
            await RestAsync();
        }
    }

    /// <summary>Reads the fleet, as any request does, and lets the reconciler see what was read.</summary>
    public async Task LookAsync()
    {
        await Monitor.ReadAsync(default);
        await RestAsync();
    }

    /// <summary>Lets the reconciler work until a rollout has ended.</summary>
    public async Task<DeployRecord> EndAsync(DeployId deploy)
    {
        for (var i = 0; Rollouts.Find(deploy)!.IsUnderWay; i++)
        {
            i.Should().BeLessThan(1000, "a rollout ends");
            await RestAsync();
            if (Rollouts.Find(deploy)!.IsUnderWay)
            {
                Clock.EndPause();
            }
        }

        await RestAsync();
        return RecordOf(deploy);
    }

    /// <summary>Waits until a condition holds, while the clock stands still.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (!condition())
        {
            limit.Elapsed.Should().BeLessThan(s_limit, "the condition holds some day");
            await Task.Delay(1);
        }
    }

    /// <summary>Waits until the reconciler rests: for a second, or because there is nothing to do.</summary>
    public Task RestAsync() => UntilAsync(() =>
        Clock.Pause is { } pause
        && (pause > TimeSpan.Zero || Rollouts.All.All(deploy => !deploy.IsUnderWay && deploy.IsSaved)));

    /// <summary>As if it were killed, and another one started on the same fleet and history.</summary>
    public async Task<TestDeployster> RestartAsync()
    {
        await DisposeAsync();
        return await StartAsync(Fleet, History, Clock);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await Reconciler.StopAsync(default).WaitAsync(WaitFor.Limit);
            Clock.Forget();
            await _provider.DisposeAsync();
        }
    }
}
