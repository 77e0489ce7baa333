using System.Diagnostics;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Health;
using Deployster.Application.History;
using Deployster.Application.Output;
using Deployster.Application.Pruning;
using Deployster.Application.Rollouts;
using Deployster.Application.Tasks;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace Deployster.Application.Tests.Tasks;

/// <summary>Tasks over an engine, a history and a clock that a test holds in its hands.</summary>
internal sealed class TaskKit
{
    public const string Image = "mycompany/railsapp:v1";
    public const string ImageId = "sha256:1c35c4412082";

    private static readonly DateTimeOffset s_start = new(2015, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public TaskKit(int limit = 20)
    {
        Settings = new TaskSettings(TimeSpan.FromMinutes(10), limit);
        Tasks = new LiveTasks(Settings);
        Outputs.Open(default!).ReturnsForAnyArgs(Kept);
        History.SaveAsync(default!, default).ReturnsForAnyArgs(call =>
        {
            Answer(Saved)[call.Arg<TaskRecord>().Id] = call.Arg<TaskRecord>();
            return [];
        });
        History.FindAsync(default!, default).ReturnsForAnyArgs(call => Answer(Saved).GetValueOrDefault(call.Arg<TaskId>()));
        History.ListUnfinishedAsync(default).ReturnsForAnyArgs(_ => [.. Answer(Saved).Values.Where(record => record.End is null)]);
        History.FindKnownAsync(default!, default).ReturnsForAnyArgs(call => call.Arg<IReadOnlyCollection<TaskId>>().Where(Answer(Saved).ContainsKey).ToHashSet());
        Engine.PrepareImageAsync(default!, default).ReturnsForAnyArgs(new TaskImage(ImageId, []));
        Engine.StartAsync(default!, default).ReturnsForAnyArgs(call =>
        {
            Started.Add(call.Arg<TaskDefinition>());
            return Output;
        });
        Engine.WaitAsync(default!, default).ReturnsForAnyArgs(_ => Exit.Task);
        Engine.ReadLogAsync(default!, default, default).ReturnsForAnyArgs(_ => Task.FromResult<IOutputReader>(Log));
        Engine.ListAsync(default).ReturnsForAnyArgs(_ =>
            [.. Containers.Select(record => new TaskContainer(record, record.StartedAt is not null && !Exited.Contains(record.Id)))]);
        var archive = new TaskArchive(History, Outputs, NullLogger<TaskArchive>.Instance);
        var lifetime = Substitute.For<IHostApplicationLifetime>();
        var rollouts = new LiveRollouts();
        Runner = new TaskRunner(
            Engine,
            new TaskWatch(Engine, Clock, NullLogger<TaskWatch>.Instance),
            archive,
            Tasks,
            rollouts,
            lifetime,
            Clock,
            NullLogger<TaskRunner>.Instance);
        Sweep = new TaskSweep(History, Outputs, archive, Tasks, NullLogger<TaskSweep>.Instance);
        Adoption = new TaskAdoption(
            Engine, History, archive, Tasks, Runner, Sweep, rollouts, RolloutAdoption(rollouts), Clock, NullLogger<TaskAdoption>.Instance);
    }

    // Of the tasks here none is a release command, which is all that it is asked about.
    private RolloutAdoption RolloutAdoption(LiveRollouts rollouts) => new(
        new DeployArchive(Substitute.For<IDeployHistory>(), Clock, NullLogger<DeployArchive>.Instance),
        rollouts,
        new DeployMetrics(rollouts),
        Clock,
        NullLogger<RolloutAdoption>.Instance);

    public SetClock Clock { get; } = new(s_start);

    public InMemoryFleet Fleet { get; } = new();

    public ITaskEngine Engine { get; } = Substitute.For<ITaskEngine>();

    public ITaskHistory History { get; } = Substitute.For<ITaskHistory>();

    public ITaskOutputs Outputs { get; } = Substitute.For<ITaskOutputs>();

    public TaskSettings Settings { get; }

    public LiveTasks Tasks { get; }

    public ImageClaims Claims { get; } = new();

    public TaskRunner Runner { get; }

    public TaskSweep Sweep { get; }

    public TaskAdoption Adoption { get; }

    /// <summary>What the attached container writes.</summary>
    public FakeReader Output { get; } = new();

    /// <summary>What the engine has logged of it.</summary>
    public FakeReader Log { get; } = new();

    /// <summary>What is kept of it.</summary>
    public FakeOutput Kept { get; } = new();

    /// <summary>The container's exit code, once it has one.</summary>
    public TaskCompletionSource<int> Exit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<TaskDefinition> Started { get; } = [];

    public List<TaskRecord> Containers { get; } = [];

    /// <summary>Whether the history does not answer.</summary>
    public bool IsHistorySilent { get; set; }

    /// <summary>Those of the containers that have ended.</summary>
    public HashSet<TaskId> Exited { get; } = [];

    public Dictionary<TaskId, TaskRecord> Saved { get; } = [];

    public async Task<TaskRecord> RunAsync(RunTask? request = null)
    {
        using var followed = await Handler().Handle(request ?? Request(), default);
        return Tasks.Find(followed.Id)?.Record ?? Saved[followed.Id];
    }

    public RunTaskHandler Handler() => new(Monitor(), new ImageNames("mycompany"), Settings, Outputs, Tasks, Claims, Runner, Clock);

    private FleetMonitor Monitor() => new(
        Fleet, new HealthMonitor(Substitute.For<IHealthProbe>(), Clock), Clock, NullLogger<FleetMonitor>.Instance);

    public static RunTask Request(CommandText? command = null) => new()
    {
        Service = Sample.Service.Value,
        Version = "v1",
        Command = command ?? new CommandText(["rake", "db:migrate"]),
    };

    /// <summary>A task of a Deployster before this one.</summary>
    public static TaskRecord Earlier(bool isStarted = true) => new()
    {
        Id = TaskId.New(s_start.AddMinutes(-1)),
        Service = Sample.Service,
        Version = VersionTag.Parse("v1"),
        Image = Image,
        Command = ["rake"],
        Timeout = TimeSpan.FromMinutes(10),
        RequestedAt = s_start.AddMinutes(-1),
        StartedAt = isStarted ? s_start.AddSeconds(-50) : null,
    };

    /// <summary>Waits until a task has ended, while the clock goes on.</summary>
    public async Task<TaskRecord> EndAsync(TaskId id)
    {
        await UntilAsync(() => Tasks.Find(id) is null);
        return Saved[id];
    }

    /// <summary>Waits until a condition holds, while the clock goes on.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (!condition())
        {
            limit.Elapsed.Should().BeLessThan(WaitFor.Limit, "the condition holds some day");
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }
    }

    /// <summary>A container that ends with a code as soon as it is stopped.</summary>
    public void EndWhenStopped(int exitCode) => Engine.StopAsync(default!, default).ReturnsForAnyArgs(_ =>
    {
        Output.End();
        Log.End();
        Exit.TrySetResult(exitCode);
        return Task.CompletedTask;
    });

    /// <summary>The engine goes away in the middle; its container is as it was when it comes back.</summary>
    public static Exception Away => new FleetUnavailableException("unix:///docker.sock", "Connection refused");

    public static Exception Gone => new NotFoundException("It is gone.");

    private T Answer<T>(T answer) => IsHistorySilent ? throw new HistoryUnavailableException("It did not answer.") : answer;
}
