using Deployster.Application.Health;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Specs;

namespace Deployster.Application.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProbedUnitTests : IDisposable
{
    private static readonly ProbeTarget s_target = new(Sample.DeployId("v1").Unit(1), "run1", "127.0.0.1:4001", 3000, null);

    private readonly TimerClock _clock = new();
    private readonly FakeProbe _probe = new();
    private ProbedUnit? _unit;
    private int _changes;

    public void Dispose() => _unit?.Dispose();

    [Test]
    public async Task Probe_ThatPasses_MakesTheUnitHealthyAtOnce()
    {
        await BeginAsync();

        _unit!.IsHealthy.Should().BeTrue();
        _unit.Complaint.Should().BeNull();
        _changes.Should().Be(1);
    }

    [Test]
    public async Task Probe_ThatFails_TellsWhyAndTriesAgain()
    {
        _probe.Complaint = _ => "connection refused";
        await BeginAsync();
        _unit!.IsHealthy.Should().BeFalse();
        _unit.Complaint.Should().Be("connection refused");

        _probe.Complaint = _ => null;
        await ProbeAgainAsync();

        _unit.IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task Probe_OfAHealthyUnit_MakesItIllAfterThreeFailuresInARow()
    {
        await BeginAsync();
        _probe.Complaint = _ => "timed out";

        await ProbeAgainAsync();
        await ProbeAgainAsync();
        _unit!.IsHealthy.Should().BeTrue("two failures may be chance");
        await ProbeAgainAsync();

        _unit.IsHealthy.Should().BeFalse();
        _changes.Should().Be(2);
    }

    [Test]
    public async Task Probe_ThatPassesBetweenFailures_BeginsToCountAnew()
    {
        await BeginAsync();
        foreach (var complaint in new[] { "no", "no", null, "no", "no" })
        {
            _probe.Complaint = _ => complaint;
            await ProbeAgainAsync();
        }

        _unit!.IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task Probe_ThatThrows_IsAFailureLikeAnyOther()
    {
        _probe.Before = () => throw new InvalidOperationException("bad header");
        await BeginAsync();

        _unit!.Complaint.Should().Be("cannot be probed: bad header");
        _probe.Before = () => Task.CompletedTask;
        await ProbeAgainAsync();

        _unit.IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task Probe_OfAUnitThatHasBeenHealthyForAWhile_ComesSeldomUntilOneFails()
    {
        await BeginAsync();
        for (var i = 0; i < 31; i++)
        {
            (await WaitAsync()).Should().Be(TimeSpan.FromSeconds(1));
            await ProbeAgainAsync();
        }

        (await WaitAsync()).Should().Be(TimeSpan.FromSeconds(5));
        _probe.Complaint = _ => "no";
        await ProbeAgainAsync();

        (await WaitAsync()).Should().Be(TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task Probe_OfAUnitThatHasNotAnsweredYet_ComesSoonAndThenEverMoreSeldom()
    {
        _probe.Complaint = _ => "connection refused";
        await BeginAsync(s_target with { Check = new HealthCheck("/up") { Interval = TimeSpan.FromSeconds(7) } });
        var waits = new List<TimeSpan>();
        while (waits.Count < 40)
        {
            waits.Add(await WaitAsync());
            await ProbeAgainAsync();
        }

        waits[0].Should().Be(TimeSpan.FromMilliseconds(20));
        waits.Should().BeInAscendingOrder();
        waits[^1].Should().Be(TimeSpan.FromSeconds(7));
    }

    [Test]
    public async Task Probe_OfAUnitThatHasBeenHealthyAndFails_ComesAtItsInterval()
    {
        await BeginAsync();
        _probe.Complaint = _ => "timed out";
        await ProbeAgainAsync();

        (await WaitAsync()).Should().Be(TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task Probe_WithAHealthCheck_ComesAtItsInterval()
    {
        await BeginAsync(s_target with { Check = new HealthCheck("/up") { Interval = TimeSpan.FromSeconds(7) } });

        (await WaitAsync()).Should().Be(TimeSpan.FromSeconds(7));
    }

    [Test]
    public async Task Probe_WhenTheClockIsSetBackAnHour_FindsTheUnitIllAsSoonAsBefore()
    {
        await BeginAsync();
        for (var i = 0; i < 40; i++)
        {
            await ProbeAgainAsync();
        }

        _clock.Set(TimeSpan.FromHours(-1));
        _probe.Complaint = _ => "connection refused";
        await ProbeAgainAsync();
        for (var i = 0; i < 2; i++)
        {
            (await WaitAsync()).Should().Be(TimeSpan.FromSeconds(1));
            await ProbeAgainAsync();
        }

        _unit!.IsHealthy.Should().BeFalse();
    }

    [Test]
    public async Task Probe_AfterTheUnitIsDisposedOf_ComesNoMore()
    {
        await BeginAsync();
        await WaitAsync();

        _unit!.Dispose();
        _clock.Advance(TimeSpan.FromMinutes(1));

        _probe.Count.Should().Be(1);
    }

    private async Task BeginAsync(ProbeTarget? target = null)
    {
        _unit = new ProbedUnit(target ?? s_target, _probe, _clock, () => _changes++);
        await _unit.Answered.WaitAsync(WaitFor.Limit);
    }

    // How long it waits for the next probe.
    private Task<TimeSpan> WaitAsync() => _clock.LastWaitAsync();

    private async Task ProbeAgainAsync()
    {
        var count = _clock.Count;
        _clock.Advance(await WaitAsync());
        await _clock.NextWaitAsync(count);
    }
}
