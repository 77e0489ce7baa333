using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Tasks;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>That files which releases before this one made are brought up to date, and lose nothing.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HistoryUpgradeTests : IDisposable
{
    private const string Tables =
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name <> 'sqlite_sequence' ORDER BY name";

    private readonly HistoryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public async Task FindAsync_WhenAnEarlierReleaseMadeTheFile_KnowsAllOfIt(int steps)
    {
        ReleasedFile.Make(_folder, steps);

        var instance = _folder.Open();

        var deploy = Records.Full() with { UnitCount = steps < 3 ? null : 3 };
        (await FindAsync(instance.History, deploy.DeployId)).Should().BeEquivalentTo(deploy);
        (await instance.History.ReadEventsAsync(deploy.DeployId, 0, default))
            .Should().Equal(Records.Event(1), Records.Event(2, unit: new UnitName(deploy.DeployId, 2)));
        (await instance.History.ListUnfinishedAsync(default)).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(Records.Deploy(2, status: DeployStatus.InProgress));
        var tasks = (await instance.Tasks.ListAsync(null, null, 10, default)).Tasks;
        tasks.Should().BeEquivalentTo(steps < 2 ? [] : new[] { Task(steps < 3 ? null : "sha256:1c35c4412082") with { ReleaseOf = steps < 5 ? null : DeployTimestamp.Parse("2026.11.25-12.01.00") } });
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public async Task SaveAsync_WhenAnEarlierReleaseMadeTheFile_LeavesEveryRowAsItWas(int steps)
    {
        ReleasedFile.Make(_folder, steps);
        string[] tables = ["Deploys", "DeployEvents", .. steps < 2 ? Array.Empty<string>() : ["Tasks"], .. steps < 4 ? Array.Empty<string>() : ["Deliveries"], "__EFMigrationsHistory"];
        var before = tables.ToDictionary(table => table, table => Read($"SELECT * FROM {table}"));
        using (var instance = _folder.Open())
        {
            await instance.History.SaveAsync(Records.Deploy(3) with { UnitCount = 2 }, [Records.Event(1)], default);
            await instance.Tasks.SaveAsync(Task("sha256:1") with { Id = TaskId.New(Records.Noon.AddDays(1)) }, default);
        }

        foreach (var table in tables)
        {
            // Columns come at the end, and so do rows.
            Read($"SELECT * FROM {table}").Zip(before[table], (row, old) => row[..old.Length]).Should().BeEquivalentTo(
                before[table], options => options.WithStrictOrdering(), table);
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public async Task SaveAsync_WhicheverReleaseMadeTheFile_LeavesTheTablesThatAllReleasesKnow(int steps)
    {
        ReleasedFile.Make(_folder, steps);
        using var fresh = new HistoryFolder();
        using var released = new HistoryFolder();
        ReleasedFile.Make(released, ReleasedFile.StepCount);

        await _folder.Open().History.SaveAsync(3);
        await fresh.Open().History.SaveAsync(3);

        var expected = Read(Tables, released);
        Read(Tables, _folder).Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        Read(Tables, fresh).Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        Steps(_folder).Should().Equal(Steps(released));
        Steps(fresh).Should().Equal(Steps(released));
    }

    [Test]
    public async Task FindAsync_WhenTheLastReleaseMadeTheFile_ChangesNoByteOfIt()
    {
        ReleasedFile.Make(_folder, ReleasedFile.StepCount);
        var before = await File.ReadAllBytesAsync(_folder.Database);
        using (var instance = _folder.Open())
        {
            (await FindAsync(instance.History, Records.Full().DeployId)).Should().NotBeNull();
        }

        (await File.ReadAllBytesAsync(_folder.Database)).Should().Equal(before);
    }

    [Test]
    public async Task SaveAsync_WhenAStepFails_LeavesTheFileAtTheStepItHad()
    {
        ReleasedFile.Make(_folder, 1);
        using var other = _folder.Connect("CREATE VIEW Tasks AS SELECT 1");
        var history = _folder.Open().History;

        await history.Awaiting(it => it.SaveAsync(3)).Should().ThrowAsync<HistoryUnavailableException>();

        Steps(_folder).Should().Equal("20261125164907_Deploys");
        HistoryFolder.Execute(other, "DROP VIEW Tasks");
        await history.SaveAsync(3);
        (await history.IsKnownAsync(3)).Should().BeTrue();
    }

    [Test]
    public async Task SaveAsync_WhenAnotherProcessUpgradesTheFileMeanwhile_GoesOnFromThere()
    {
        Directory.CreateDirectory(_folder.Path);
        using var other = _folder.Connect(["PRAGMA journal_mode = WAL", "BEGIN IMMEDIATE", .. ReleasedFile.Schema]);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var history = _folder.Open(interceptor: open =>
        {
            var connection = open();
            connection.DefaultTimeout = 60; // A busy machine may be slow to end what the other has begun.
            opened.TrySetResult();
            return connection;
        }).History;

        var saving = history.SaveAsync(1);
        await opened.Task;
        // So that it has looked what is missing, and waits.
        await System.Threading.Tasks.Task.Delay(100);
        HistoryFolder.Execute(other, "COMMIT");

        await saving;
        (await history.IsKnownAsync(1)).Should().BeTrue();
        Steps(_folder).Should().HaveCount(ReleasedFile.StepCount);
    }

    [Test]
    public async Task SaveAsync_WhenSeveralStartAtOnce_LosesNothing()
    {
        var histories = Enumerable.Range(0, 3).Select(_ => _folder.Open().History).ToList();

        await System.Threading.Tasks.Task.WhenAll(histories.Select((history, index) => history.SaveAsync(index + 1)));

        (await histories[0].ListAsync(Records.Service, null, 10, default)).Deploys.Should().HaveCount(3);
        Steps(_folder).Should().HaveCount(ReleasedFile.StepCount);
    }

    private static Task<DeployRecord?> FindAsync(IDeployHistory history, DeployId deploy) =>
        history.FindAsync(deploy.Service, deploy.Version, deploy.Timestamp, default);

    private static TaskRecord Task(string? imageId) => new()
    {
        Id = TaskId.Parse("01a21293b6007e1c8f351f666fb27731"),
        Service = Records.Service,
        Version = VersionTag.Parse("v1"),
        Image = "mycompany/railsapp:v1",
        ImageId = imageId,
        Command = ["sh", "-c", "echo \"a\nb\"", ""],
        Timeout = TimeSpan.FromMinutes(10),
        RequestedAt = Records.Noon,
        StartedAt = Records.Noon.AddTicks(3),
        EndedAt = Records.Noon.AddMinutes(9),
        End = TaskEnd.Exited(7),
        Requester = new Requester("alice", "2001:db8::1"),
    };

    private static IEnumerable<object> Steps(HistoryFolder folder) =>
        Read("SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId", folder).Select(row => row[0]);

    private List<object[]> Read(string query) => Read(query, _folder);

    private static List<object[]> Read(string query, HistoryFolder folder)
    {
        using var connection = folder.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
