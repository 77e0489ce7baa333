using Deployster.Application.History;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>What becomes of the history when its file is damaged, deleted or left behind by a kill.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HistoryRecoveryTests : IDisposable
{
    private const string SetAside = "history.db.corrupt-20261125-160000";

    private readonly HistoryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(5)]
    [TestCase(100)]
    [TestCase(100_000)]
    public async Task SaveAsync_WhenTheFileIsNoDatabase_SetsItAsideAndBeginsAnew(int size)
    {
        Directory.CreateDirectory(_folder.Path);
        var damaged = Enumerable.Range(0, size).Select(index => (byte)((index * 7) + 1)).ToArray();
        await File.WriteAllBytesAsync(_folder.Database, damaged);
        await File.WriteAllTextAsync(_folder.Database + "-wal", "of the damaged one");
        var instance = _folder.Open();

        await instance.History.SaveAsync(1);

        (await instance.History.IsKnownAsync(1)).Should().BeTrue();
        (await File.ReadAllBytesAsync(Path.Combine(_folder.Path, SetAside))).Should().Equal(damaged);
        _folder.FileNames.Should().Contain(SetAside + "-wal");
        instance.Log.Warnings.Should().ContainSingle().Which.Should().Contain(SetAside);
    }

    [TestCase(0)]
    [TestCase(4096)]
    public async Task FindAsync_WhenTheFileIsDamagedMeanwhile_SetsItAsideAndBeginsAnew(int from)
    {
        var instance = _folder.Open();
        await instance.History.SaveAsync(1);
        Damage(from);

        (await instance.History.IsKnownAsync(1)).Should().BeFalse();

        await instance.History.SaveAsync(2);
        (await instance.History.IsKnownAsync(2)).Should().BeTrue();
        _folder.FileNames.Should().Contain(SetAside);
        instance.Log.Warnings.Should().ContainSingle().Which.Should().Contain(SetAside);
    }

    [Test]
    public async Task SaveAsync_WhenTheFileIsDamagedAgainInTheSameSecond_NeverOverwritesWhatWasSetAside()
    {
        var instance = _folder.Open();
        await instance.History.SaveAsync(1);
        Damage(0);
        await instance.History.SaveAsync(2);
        Damage(0);

        await FluentActions.Awaiting(() => instance.History.SaveAsync(3)).Should().ThrowAsync<HistoryUnavailableException>();

        instance.Time.Advance(TimeSpan.FromSeconds(1));
        await instance.History.SaveAsync(3);
        _folder.FileNames.Should().Contain([SetAside, "history.db.corrupt-20261125-160001"]);
    }

    [TestCase("history.db")]
    [TestCase("history.db*")]
    public async Task SaveAsync_WhenTheFileIsDeletedMeanwhile_MakesItAnew(string pattern)
    {
        var instance = _folder.Open();
        await instance.History.SaveAsync(1);
        foreach (var file in Directory.GetFiles(_folder.Path, pattern))
        {
            File.Delete(file);
        }

        await instance.History.SaveAsync(2);

        (await instance.History.IsKnownAsync(1)).Should().BeFalse();
        (await _folder.Open().History.IsKnownAsync(2)).Should().BeTrue();
        instance.Log.Warnings.Should().BeEmpty();
    }

    [Test]
    public async Task SaveAsync_WhenTheFolderIsDeletedMeanwhile_MakesItAnew()
    {
        var history = _folder.Open().History;
        await history.SaveAsync(1);
        Directory.Delete(_folder.Path, recursive: true);

        await history.SaveAsync(2);

        (await history.IsKnownAsync(2)).Should().BeTrue();
    }

    [Test]
    public async Task SaveAsync_WhenTheFileIsEmpty_PutsTheTablesIn()
    {
        Directory.CreateDirectory(_folder.Path);
        await File.WriteAllBytesAsync(_folder.Database, []);
        var history = _folder.Open().History;

        await history.SaveAsync(1);

        (await history.IsKnownAsync(1)).Should().BeTrue();
        _folder.FileNames.Should().NotContain(name => name.Contains("corrupt"));
    }

    [Test]
    public async Task FindAsync_WhenTheProcessWasKilled_KnowsWhatWasSaved()
    {
        await _folder.Open().History.SaveAsync(1);
        // Spilled to the log already, but never committed.
        _folder.Connect(
            "PRAGMA cache_size = 1",
            "BEGIN IMMEDIATE",
            "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
            + "INSERT INTO DeployEvents SELECT 1, i, 0, 'Requested', printf('%.1000c', 'x'), NULL FROM n");
        using var killed = new HistoryFolder();
        CopyTo(killed);

        var history = killed.Open().History;

        (await history.IsKnownAsync(1)).Should().BeTrue();
        (await history.ReadEventsAsync(Records.Deploy(1).DeployId, 0, default)).Should().HaveCount(1);
        new FileInfo(killed.Database + "-wal").Length.Should().BeGreaterThan(500_000);
        killed.FileNames.Should().NotContain(name => name.Contains("corrupt"));
    }

    [Test]
    public async Task SaveAsync_WhenTheLogWasCutInTheMiddle_KnowsWhatWasSavedBefore()
    {
        var instance = _folder.Open();
        await instance.History.SaveAsync(1);
        var length = new FileInfo(_folder.Database + "-wal").Length;
        await instance.History.SaveAsync(2);
        using var killed = new HistoryFolder();
        CopyTo(killed);
        await using (var log = File.OpenWrite(killed.Database + "-wal"))
        {
            log.SetLength(length + 5000);
        }

        var history = killed.Open().History;

        (await history.IsKnownAsync(1)).Should().BeTrue();
        (await history.IsKnownAsync(2)).Should().BeFalse();
        await history.SaveAsync(2);
        (await history.IsKnownAsync(2)).Should().BeTrue();
    }

    /// <summary>Overwrites the file, all of whose pages are read anew because another process has written to it.</summary>
    private void Damage(int from)
    {
        using var other = _folder.Connect("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA user_version = 1", "PRAGMA wal_checkpoint(TRUNCATE)");
        using var file = File.OpenWrite(_folder.Database);
        var length = (int)file.Length;
        file.Position = from;
        file.Write(Enumerable.Repeat((byte)0x5A, length - from).ToArray());
    }

    private void CopyTo(HistoryFolder other)
    {
        Directory.CreateDirectory(other.Path);
        File.Copy(_folder.Database, other.Database);
        File.Copy(_folder.Database + "-wal", other.Database + "-wal");
    }
}
