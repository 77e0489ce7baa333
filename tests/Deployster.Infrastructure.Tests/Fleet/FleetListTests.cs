using System.Net.Http.Json;
using System.Text.Json;
using Deployster.Infrastructure.Fleet;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

/// <summary>A list of Fleet's that is read again and again.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FleetListTests
{
    private readonly FleetList<string, FleetMachineMessage> _list;
    private readonly Queue<FleetMachinePage[]> _readings = new();
    private FleetMachinePage[] _pages = [];
    private int _parsed;

    public FleetListTests() => _list = new(new FleetTalk(new Uri("unix:///fleet.sock")), ReadPageAsync, Parse, machine => machine.Id);

    [Test]
    public async Task Read_WhenNothingHasChanged_ParsesNothingAndGivesTheSame()
    {
        Shows(["a", "b"], ["c"]);
        var first = await _list.ReadAsync(default);
        var parsed = _parsed;

        (await _list.ReadAsync(default)).Should().BeSameAs(first);
        _parsed.Should().Be(parsed);
    }

    [Test]
    public async Task Read_WhenOnePageHasChanged_ParsesThatAlone()
    {
        Shows(["a"], ["b"]);
        await _list.ReadAsync(default);
        var parsed = _parsed;
        Shows(["a"], ["b", "c"]);

        (await _list.ReadAsync(default)).Keys.Should().BeEquivalentTo("a", "b", "c");
        (_parsed - parsed).Should().Be(1);
    }

    [Test]
    public async Task Read_WhenAnEntryMovesBetweenThePages_MissesItNotAndForgetsWhatIsGone()
    {
        Shows(["a", "b"], ["c"]);
        await _list.ReadAsync(default);
        Shows(["a", "b"], []);
        Shows(["b", "c"], []);

        (await _list.ReadAsync(default)).Keys.Should().Contain("c");
        (await _list.ReadAsync(default)).Keys.Should().BeEquivalentTo("b", "c");
    }

    // What the next reading sees; the last one stays.
    private void Shows(params string[][] pages) => _readings.Enqueue(
    [
        .. pages.Select((ids, index) => new FleetMachinePage(
            [.. ids.Select(id => new FleetMachineMessage(id, null))], index + 1 < pages.Length ? $"{index + 1}" : null)),
    ]);

    private Task<HttpContent> ReadPageAsync(string? token, CancellationToken cancellationToken)
    {
        if (token is null && _readings.TryDequeue(out var next))
        {
            _pages = next;
        }

        return Task.FromResult<HttpContent>(JsonContent.Create(
            _pages[token is null ? 0 : int.Parse(token, null)], FleetJson.Default.FleetMachinePage));
    }

    private FleetMachinePage? Parse(Stream body)
    {
        _parsed++;
        return JsonSerializer.Deserialize(body, FleetJson.Default.FleetMachinePage);
    }
}
