using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.History;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SqliteDeployHistoryTests : IDisposable
{
    private readonly HistoryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task FindAsync_WhenAnotherInstanceSaved_GivesAllOfTheRecord()
    {
        var record = Records.Full();
        await Save(_folder.Open().History, record);

        var found = await Find(_folder.Open().History, record);

        found.Should().BeEquivalentTo(record);
    }

    [Test]
    public async Task FindAsync_WhenOnlyWhatIsRequiredIsSet_GivesNothingBesides()
    {
        var record = Records.Deploy(1, status: DeployStatus.InProgress);
        var history = _folder.Open().History;
        await Save(history, record);

        var found = await Find(history, record);

        found.Should().BeEquivalentTo(record);
    }

    [Test]
    public async Task FindAsync_WhenThereIsNone_GivesNull()
    {
        var history = _folder.Open().History;
        await Save(history, Records.Deploy(1));

        (await Find(history, Records.Deploy(2))).Should().BeNull();
        (await Find(history, Records.Deploy(1, "other"))).Should().BeNull();
    }

    [Test]
    public async Task FindAsync_WhenNoTimestampIsGiven_GivesTheOneAskedForLast()
    {
        var history = _folder.Open().History;
        var first = Records.Deploy(1);
        // The timestamp is a label: it may be set to any date.
        var last = first with
        {
            DeployId = first.DeployId with { Timestamp = DeployTimestamp.Parse("1999.12.31-23.59.59") },
            Intention = first.Intention with { RequestedAt = first.Intention.RequestedAt.AddTicks(1) },
        };
        await Save(history, last);
        await Save(history, first);

        var found = await history.FindAsync(Records.Service, first.DeployId.Version, null, default);

        found!.DeployId.Should().Be(last.DeployId);
    }

    [Test]
    public async Task SaveAsync_WhenTheDeployHasChanged_KeepsTheLastStateOnly()
    {
        var history = _folder.Open().History;
        await Save(history, Records.Deploy(1, status: DeployStatus.InProgress));
        var ended = Records.Deploy(1, status: DeployStatus.Failed) with { Message = "It failed.", EndedAt = Records.Noon };

        await Save(history, ended);

        (await history.ListAsync(Records.Service, null, 10, default)).Deploys
            .Should().ContainSingle().Which.Should().BeEquivalentTo(ended);
    }

    [Test]
    public async Task SaveAsync_WhenTheSameIsWrittenTwice_ChangesNothing()
    {
        var history = _folder.Open().History;
        DeployEvent[] events = [Records.Event(1), Records.Event(2)];
        await Save(history, Records.Deploy(1), events);

        await Save(history, Records.Deploy(1), events);
        await Save(history, Records.Deploy(1), [.. events, Records.Event(3)]);

        (await history.ReadEventsAsync(Records.Deploy(1).DeployId, 0, default))
            .Should().Equal(Records.Event(1), Records.Event(2), Records.Event(3));
    }

    [Test]
    public async Task SaveAsync_WhenTextsAreLong_CutsNothingOff()
    {
        var history = _folder.Open().History;
        var record = Records.Deploy(1, status: DeployStatus.Failed) with { Message = new string('ü', 100_000) };
        var happened = new DeployEvent(1, Records.Noon, new RolloutEvent(RolloutEventKind.UnitState, new string('漢', 100_000), null));

        await Save(history, record, happened);

        (await Find(history, record)).Should().BeEquivalentTo(record);
        (await history.ReadEventsAsync(record.DeployId, 0, default)).Should().Equal(happened);
    }

    [Test]
    public async Task ReadEventsAsync_WhenAllKindsHappened_GivesThemInOrder()
    {
        var history = _folder.Open().History;
        var record = Records.Deploy(1);
        var unit = new UnitName(record.DeployId, 2);
        var events = Enum.GetValues<RolloutEventKind>()
            .Select((kind, index) => Records.Event(index + 1, kind, index % 2 == 0 ? unit : null))
            .ToList();
        await Save(history, record, [.. events]);

        (await history.ReadEventsAsync(record.DeployId, 0, default)).Should().Equal(events);
        (await history.ReadEventsAsync(record.DeployId, 5, default)).Should().Equal(events.Skip(5));
        (await history.ReadEventsAsync(Records.Deploy(2).DeployId, 0, default)).Should().BeEmpty();
    }

    [Test]
    public async Task ListAsync_WhenDeploysArriveMeanwhile_GivesEachOnceAndNewestFirst()
    {
        var history = _folder.Open().History;
        for (var number = 1; number <= 10; number++)
        {
            await Save(history, Records.Deploy(number));
            await Save(history, Records.Deploy(number, "other"));
        }

        var seen = new List<DeployRecord>();
        string? cursor = null;
        for (var arriving = 11; arriving == 11 || cursor is not null; arriving++)
        {
            var page = await history.ListAsync(Records.Service, cursor, 3, default);
            seen.AddRange(page.Deploys);
            cursor = page.NextCursor;
            await Save(history, Records.Deploy(arriving));
        }

        seen.Should().BeEquivalentTo(
            Enumerable.Range(1, 10).Reverse().Select(number => Records.Deploy(number)), options => options.WithStrictOrdering());
    }

    [Test]
    public async Task ListAsync_WhenAllWereAskedForAtTheSameMoment_GivesEachOnce()
    {
        var history = _folder.Open().History;
        var records = Enumerable.Range(1, 6).Select(number => Records.Deploy(number))
            .Select(record => record with { Intention = record.Intention with { RequestedAt = Records.Noon } })
            .ToList();
        foreach (var record in records)
        {
            await Save(history, record);
        }

        var first = await history.ListAsync(Records.Service, null, 3, default);
        var second = await history.ListAsync(Records.Service, first.NextCursor, 3, default);

        first.Deploys.Concat(second.Deploys).Select(record => record.DeployId)
            .Should().Equal(records.AsEnumerable().Reverse().Select(record => record.DeployId));
        second.NextCursor.Should().BeNull();
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("!!!!")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("_____________________w")]
    [TestCase("AAAAAAAAAAEAAAAAAAAAAQ==")]
    [TestCase(" AAAAAAAAAAEAAAAAAAAAAQ")]
    public async Task ListAsync_WhenNoPageGaveTheCursor_SaysSo(string cursor)
    {
        var history = _folder.Open().History;

        var listing = () => history.ListAsync(Records.Service, cursor, 3, default);

        await listing.Should().ThrowAsync<FormatException>();
    }

    [Test]
    public async Task ListUnfinishedAsync_WhenSomeAreUnderWay_GivesThoseOfAllServices()
    {
        var history = _folder.Open().History;
        await Save(history, Records.Deploy(1));
        await Save(history, Records.Deploy(2, status: DeployStatus.InProgress));
        await Save(history, Records.Deploy(3, "other", DeployStatus.InProgress));

        (await history.ListUnfinishedAsync(default)).Select(record => record.DeployId)
            .Should().Equal(Records.Deploy(3, "other").DeployId, Records.Deploy(2).DeployId);
    }

    [Test]
    public async Task SaveAsync_WhenThereAreMoreThanAreKept_RemovesTheOldestOfTheServiceWithTheirEvents()
    {
        var history = _folder.Open(keepPerService: 3).History;
        await Save(history, Records.Deploy(1, "other"));
        for (var number = 1; number <= 5; number++)
        {
            await Save(history, Records.Deploy(number), Records.Event(1));
        }

        (await history.ListAsync(Records.Service, null, 10, default)).Deploys.Select(record => record.DeployId)
            .Should().Equal(Records.Deploy(5).DeployId, Records.Deploy(4).DeployId, Records.Deploy(3).DeployId);
        (await history.ReadEventsAsync(Records.Deploy(2).DeployId, 0, default)).Should().BeEmpty();
        (await history.ReadEventsAsync(Records.Deploy(3).DeployId, 0, default)).Should().HaveCount(1);
        (await Find(history, Records.Deploy(1, "other"))).Should().NotBeNull();
    }

    [Test]
    public async Task SaveAsync_WhenTheOldestIsUnderWay_RemovesItOnlyOnceItHasEnded()
    {
        var history = _folder.Open(keepPerService: 1).History;
        await Save(history, Records.Deploy(1, status: DeployStatus.InProgress), Records.Event(1));
        await Save(history, Records.Deploy(2));
        (await Find(history, Records.Deploy(1))).Should().NotBeNull();

        await Save(history, Records.Deploy(1), Records.Event(2));

        (await Find(history, Records.Deploy(1))).Should().BeNull();
        (await Find(history, Records.Deploy(2))).Should().NotBeNull();
    }

    [Test]
    public async Task SaveAsync_WhenTwoInstancesWriteAtOnce_LosesNothing()
    {
        IDeployHistory[] histories = [_folder.Open().History, _folder.Open().History];

        await Task.WhenAll(Enumerable.Range(1, 40).SelectMany(number => histories.Select((history, index) =>
            SaveInTheEnd(history, Records.Deploy(number), Records.Event(1), Records.Event(2 + index)))));

        (await histories[0].ListAsync(Records.Service, null, 100, default)).Deploys.Should().HaveCount(40);
        for (var number = 1; number <= 40; number++)
        {
            (await histories[1].ReadEventsAsync(Records.Deploy(number).DeployId, 0, default)).Should().HaveCount(3);
        }
    }

    [Test]
    public async Task ListAsync_WhenARecordCannotBeRead_PassesItOverAndWarns()
    {
        var instance = _folder.Open();
        await Save(instance.History, Records.Deploy(1));
        await Save(instance.History, Records.Deploy(2));
        _folder.Connect("UPDATE Deploys SET Intention = 'Image=nonsense' WHERE Version = 'v2'");

        var page = await instance.History.ListAsync(Records.Service, null, 10, default);

        page.Deploys.Should().ContainSingle().Which.DeployId.Should().Be(Records.Deploy(1).DeployId);
        instance.Log.Warnings.Should().ContainSingle().Which.Should().Contain("railsapp:v2");
    }

    [Test]
    public async Task SaveAsync_WhenEverythingIsLogged_TellsNoValueOfTheEnvironment()
    {
        var instance = _folder.Open();
        await Save(instance.History, Records.Full());
        _folder.Connect("BEGIN EXCLUSIVE");

        var saving = () => Save(instance.History, Records.Full());

        var thrown = await saving.Should().ThrowAsync<HistoryUnavailableException>();
        thrown.Which.ToString().Should().NotContain("geheim");
        instance.Log.All.Should().NotContain(line => line.Contains("geheim"));
    }

    /// <summary>Tries again, as rollouts do: one writer may keep another from writing for longer than it waits.</summary>
    private static async Task SaveInTheEnd(IDeployHistory history, DeployRecord record, params DeployEvent[] events)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Save(history, record, events);
                return;
            }
            catch (HistoryUnavailableException) when (attempt < 10)
            {
            }
        }
    }

    private static Task Save(IDeployHistory history, DeployRecord record, params DeployEvent[] events) =>
        history.SaveAsync(record, events, default);

    private static Task<DeployRecord?> Find(IDeployHistory history, DeployRecord record) =>
        history.FindAsync(record.DeployId.Service, record.DeployId.Version, record.DeployId.Timestamp, default);
}
