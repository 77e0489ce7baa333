using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Tasks;
using Deployster.Infrastructure.History;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.History;

public sealed class SqliteTaskHistoryTests
{
    private static readonly ServiceName s_service = ServiceName.Parse("railsapp");

    private string _folder = null!;
    private HistoryInstance _instance = null!;

    private ITaskHistory History => _instance.Tasks;

    [SetUp]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("deployster-tasks-").FullName;
        _instance = new HistoryInstance(new HistoryOptions(_folder, KeepPerService: 3));
    }

    [TearDown]
    public void TearDown()
    {
        _instance.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Find_WhenSaved_GivesAllOfIt()
    {
        var task = Task(1) with
        {
            ImageId = "sha256:1c35c4412082",
            Command = ["sh", "-c", "echo \"a\nb\"", ""],
            StartedAt = Records.Noon.AddTicks(3),
            EndedAt = Records.Noon.AddMinutes(9),
            End = TaskEnd.TimedOut(TimeSpan.FromMinutes(10)),
            Requester = new Requester("alice", "2001:db8::1"),
        };
        await History.SaveAsync(task, default);

        (await History.FindAsync(task.Id, default)).Should().BeEquivalentTo(task);
    }

    [Test]
    public async Task Find_WhenThereIsNone_GivesNull() =>
        (await History.FindAsync(TaskId.New(Records.Noon), default)).Should().BeNull();

    [Test]
    public async Task Save_WhenTaskHasGoneOn_WritesOverIt()
    {
        var task = Task(1);
        await History.SaveAsync(task, default);
        (await History.ListUnfinishedAsync(default)).Should().ContainSingle();

        await History.SaveAsync(task with { End = TaskEnd.Exited(7) }, default);

        (await History.FindAsync(task.Id, default))!.End.Should().Be(TaskEnd.Exited(7));
        (await History.ListUnfinishedAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task Save_WhenAnEndIsWritten_KeepsIt()
    {
        var task = Task(1) with { End = TaskEnd.Exited(7) };
        await History.SaveAsync(task, default);

        await History.SaveAsync(task with { End = TaskEnd.Lost("Its container is gone.") }, default);

        (await History.FindAsync(task.Id, default))!.End.Should().Be(TaskEnd.Exited(7));
    }

    [Test]
    public async Task FindKnown_WhenSomeAreSaved_GivesThose()
    {
        var ids = Enumerable.Range(1, 500).Select(minute => Task(minute).Id).ToList();
        await History.SaveAsync(Task(1), default);
        var saved = Task(2);
        await History.SaveAsync(saved, default);

        (await History.FindKnownAsync([saved.Id, .. ids], default)).Should().Equal(saved.Id);
    }

    [Test]
    public async Task List_WhenThereAreSeveralPages_GivesEachTaskOnceNewestFirst()
    {
        var tasks = Enumerable.Range(1, 3).Select(Task).ToList();
        foreach (var task in tasks)
        {
            await History.SaveAsync(task, default);
        }

        await History.SaveAsync(Task(4) with { Service = ServiceName.Parse("other") }, default);
        var first = await History.ListAsync(s_service, null, 2, default);
        var second = await History.ListAsync(s_service, first.NextCursor, 2, default);

        first.Tasks.Concat(second.Tasks).Select(task => task.Id).Should().Equal(tasks.Select(task => task.Id).Reverse());
        second.NextCursor.Should().BeNull();
    }

    [Test]
    public async Task List_OfNoService_GivesThoseOfAllNewestFirst()
    {
        var (own, others) = (Task(1), Task(2) with { Service = ServiceName.Parse("worker") });
        await History.SaveAsync(others, default);
        await History.SaveAsync(own, default);

        var all = await History.ListAsync(null, null, 5, default);

        all.Tasks.Select(task => task.Id).Should().Equal(others.Id, own.Id);
    }

    [Test]
    public async Task List_WhenCursorIsNobodys_IsAFormatError() =>
        await History.Invoking(it => it.ListAsync(s_service, "x", 2, default)).Should().ThrowAsync<FormatException>();

    [Test]
    public async Task Save_WhenThereAreMoreThanAreKept_ForgetsTheOldestThatHaveEndedAndTellsThem()
    {
        var running = Task(1);
        await History.SaveAsync(running, default);
        var ended = Enumerable.Range(2, 4).Select(Task).Select(task => task with { End = TaskEnd.Exited(0) }).ToList();
        var forgotten = new List<TaskId>();
        foreach (var task in ended)
        {
            forgotten.AddRange(await History.SaveAsync(task, default));
        }

        forgotten.Should().Equal(ended[0].Id);
        (await History.FindAsync(running.Id, default)).Should().NotBeNull();
        (await History.FindAsync(ended[0].Id, default)).Should().BeNull();
    }

    private static TaskRecord Task(int minute) => new()
    {
        Id = TaskId.New(Records.Noon.AddMinutes(minute)),
        Service = s_service,
        Version = VersionTag.Parse("v1"),
        Image = "mycompany/railsapp:v1",
        Command = ["rake"],
        Timeout = TimeSpan.FromMinutes(10),
        RequestedAt = Records.Noon.AddMinutes(minute),
    };
}
