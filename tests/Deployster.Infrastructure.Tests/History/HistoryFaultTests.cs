using System.Diagnostics;
using System.Runtime.Versioning;
using Deployster.Application.History;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>What stands in the way of the history's file, and that it is over as soon as the cause is gone.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HistoryFaultTests : IDisposable
{
    private readonly HistoryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task SaveAsync_WhenAnotherProcessWrites_SaysSoSoonAndReadsGoOn()
    {
        var history = _folder.Open().History;
        await history.SaveAsync(1);
        var other = _folder.Connect("BEGIN EXCLUSIVE");

        await ExpectUnavailableAsync(() => history.SaveAsync(2), "*history.db is locked by another process*");
        (await history.IsKnownAsync(1)).Should().BeTrue();

        HistoryFolder.Execute(other, "ROLLBACK");
        await history.SaveAsync(2);
        (await history.IsKnownAsync(2)).Should().BeTrue();
    }

    [Test]
    public async Task FindAsync_WhenAnotherProcessKeepsTheFileToItself_SaysSoSoon()
    {
        await SaveAndClose(1);
        var other = _folder.Connect("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "COMMIT");
        var history = _folder.Open().History;

        await ExpectUnavailableAsync(() => history.IsKnownAsync(1), "*is locked by another process*");

        await other.DisposeAsync();
        (await history.IsKnownAsync(1)).Should().BeTrue();
    }

    [Test]
    public async Task SaveAsync_WhenTheDiskIsFull_SaysSoAndGoesOnOnceThereIsSpace()
    {
        var pragma = new Pragma();
        var history = _folder.Open(interceptor: pragma.Open).History;
        await history.SaveAsync(1);
        pragma.Statement = "max_page_count = 1";
        var events = Enumerable.Range(1, 500).Select(id => Records.Event(id)).ToList();

        await ExpectUnavailableAsync(
            () => history.SaveAsync(Records.Deploy(2), events, default), "*no space left for *history.db*");
        (await history.IsKnownAsync(1)).Should().BeTrue();
        (await history.IsKnownAsync(2)).Should().BeFalse();

        pragma.Statement = "max_page_count = 1000000";
        await history.SaveAsync(Records.Deploy(2), events, default);
        (await history.ReadEventsAsync(Records.Deploy(2).DeployId, 0, default)).Should().HaveCount(500);
    }

    [Test]
    public async Task SaveAsync_WhenTheDiskIsFullFromTheStart_SaysSoAndGoesOnOnceThereIsSpace()
    {
        var pragma = new Pragma { Statement = "max_page_count = 3" };
        var history = _folder.Open(interceptor: pragma.Open).History;

        await ExpectUnavailableAsync(() => history.SaveAsync(1), "*no space left for *history.db*");

        pragma.Statement = "max_page_count = 1000000";
        await history.SaveAsync(1);
        (await history.IsKnownAsync(1)).Should().BeTrue();
    }

    [Test]
    public async Task SaveAsync_WhenTheFileCanOnlyBeRead_SaysSoAndReadsGoOn()
    {
        var pragma = new Pragma();
        var history = _folder.Open(interceptor: pragma.Open).History;
        await history.SaveAsync(1);
        pragma.Statement = "query_only = ON";

        await ExpectUnavailableAsync(() => history.SaveAsync(2), "*history.db can only be read*");

        (await history.IsKnownAsync(1)).Should().BeTrue();
    }

    [Test]
    public async Task SaveAsync_WhenTheFolderCannotBeMade_SaysSoAndGoesOnOnceItCan()
    {
        await File.WriteAllTextAsync(_folder.Path, "in the way");
        var history = _folder.Open().History;

        await ExpectUnavailableAsync(() => history.SaveAsync(1), "*data*");

        File.Delete(_folder.Path);
        await history.SaveAsync(1);
        (await history.IsKnownAsync(1)).Should().BeTrue();
    }

    [Test]
    public async Task SaveAsync_WhenAFolderHasTheFilesName_SaysSo()
    {
        Directory.CreateDirectory(_folder.Database);
        var history = _folder.Open().History;

        await ExpectUnavailableAsync(() => history.SaveAsync(1), "*history.db*");

        Directory.Exists(_folder.Database).Should().BeTrue();
    }

    [Test]
    public async Task SaveAsync_WhenTheDiskDoesNotAnswer_IsGivenUpAfterTwoSeconds()
    {
        var stall = new Stall();
        var instance = _folder.Open(interceptor: stall.Open);
        await instance.History.SaveAsync(1);
        var end = new TaskCompletionSource();
        stall.End = end.Task;
        var first = instance.History.SaveAsync(2);
        await stall.Reached;
        var second = instance.History.SaveAsync(3);

        instance.Time.Advance(TimeSpan.FromSeconds(2));

        await ExpectUnavailableAsync(() => first, "*history.db did not answer within 2 seconds*");
        await ExpectUnavailableAsync(() => second, "*history.db did not answer within 2 seconds*");
        stall.End = null;
        end.SetResult();
        await instance.History.SaveAsync(3);
        (await instance.History.IsKnownAsync(3)).Should().BeTrue();
    }

    [Test]
    public async Task SaveAsync_WhenTheCallerNoLongerWaits_EndsAsCancelled()
    {
        var history = _folder.Open().History;

        var saving = () => history.SaveAsync(Records.Deploy(1), [], new CancellationToken(canceled: true));

        await saving.Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task FindAsync_WhenANewerVersionWroteTheFile_SaysSoAndLeavesItUntouched()
    {
        await SaveAndClose(1);
        await using (_folder.Connect("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '99.0.0')"))
        {
        }

        var before = await File.ReadAllBytesAsync(_folder.Database);
        using (var instance = _folder.Open())
        {
            await ExpectUnavailableAsync(
                () => instance.History.IsKnownAsync(1), "*written by a newer version of Deployster (29990101000000_Later)*");
        }

        (await File.ReadAllBytesAsync(_folder.Database)).Should().Equal(before);
        _folder.FileNames.Should().Equal("history.db");
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task SaveAsync_WhenTheFileIsMade_LetsNobodyElseReadIt()
    {
        await _folder.Open().History.SaveAsync(1);

        Directory.GetFiles(_folder.Path).Should().NotBeEmpty()
            .And.OnlyContain(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private static async Task ExpectUnavailableAsync(Func<Task> operation, string cause)
    {
        var watch = Stopwatch.StartNew();
        await operation.Should().ThrowAsync<HistoryUnavailableException>().WithMessage(cause);

        // Two, and some for a busy machine; SQLite by itself would wait for thirty.
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(6));
    }

    private async Task SaveAndClose(int number)
    {
        using var instance = _folder.Open();
        await instance.History.SaveAsync(number);
    }
}
