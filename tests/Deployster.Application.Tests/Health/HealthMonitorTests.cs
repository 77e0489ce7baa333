using Deployster.Application.Health;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HealthMonitorTests : IDisposable
{
    private static readonly Unit s_unit = new(Sample.DeployId("v1").Unit(1), Wanted.Running, Phase.Running)
    {
        Endpoint = "127.0.0.1:4001",
        Run = "run1",
    };

    private readonly TimerClock _clock = new();
    private readonly FakeProbe _probe = new();
    private readonly HealthMonitor _health;

    public HealthMonitorTests() => _health = new HealthMonitor(_probe, _clock);

    public void Dispose() => _health.Dispose();

    [Test]
    public async Task Track_OfAUnitThatPasses_MakesItHealthyInTheSameReading()
    {
        await _health.TrackAsync([s_unit]);

        _health.Judge(s_unit).Phase.Should().Be(Phase.Healthy);
    }

    [Test]
    public async Task Track_OfAUnitThatDoesNotPass_TellsWhy()
    {
        _probe.Complaint = _ => "connection refused";

        await _health.TrackAsync([s_unit]);

        _health.Judge(s_unit).Should().Be(s_unit with { Detail = "connection refused" });
    }

    [Test]
    public async Task Track_OfAProbeThatDoesNotAnswer_WaitsForIt()
    {
        _probe.Before = () => new TaskCompletionSource().Task;
        var tracking = _health.TrackAsync([s_unit]);
        var first = await _clock.NextWaitAsync(0);

        tracking.IsCompleted.Should().BeFalse();
        _clock.Advance(first);

        await tracking.WaitAsync(WaitFor.Limit);
        first.Should().Be(TimeSpan.FromSeconds(2), "after a start all units are unknown");
        _health.Judge(s_unit).Detail.Should().Be(HealthMonitor.NotYet);
    }

    [Test]
    public async Task Judge_OfAUnitThatAnswersNowhere_IsHealthyWhenItRunsUnlessItsHealthcheckFails()
    {
        var worker = s_unit with { Endpoint = null, Intention = Sample.Intention(Sample.DeployId("v1"), new DeploySpec { Port = 0 }) };
        await _health.TrackAsync([worker]);

        _health.Judge(worker).Phase.Should().Be(Phase.Healthy);
        _health.Judge(worker with { PassesHealthcheck = false }).Phase.Should().Be(Phase.Running);
        _health.Judge(worker with { Phase = Phase.Restarting }).Phase.Should().Be(Phase.Restarting);
    }

    [Test]
    public async Task Judge_OfAUnitWhoseHealthcheckFails_IsIllWhateverTheProbeSays()
    {
        var ill = s_unit with { PassesHealthcheck = false, Detail = "unhealthy" };
        await _health.TrackAsync([ill]);

        _health.Judge(ill).Should().Be(ill);
        _health.Judge(s_unit with { PassesHealthcheck = true }).Phase.Should().Be(Phase.Healthy);
    }

    [Test]
    public async Task Judge_OfAUnitInACrashLoop_TellsHowItEndedWhateverTheProbeSays()
    {
        _probe.Complaint = _ => "its port 3000 does not answer";
        var again = s_unit with { Detail = "exit code 3" };

        await _health.TrackAsync([again]);

        _health.Judge(again).Detail.Should().Be("exit code 3");
    }

    [TestCase(Phase.Starting)]
    [TestCase(Phase.Restarting)]
    [TestCase(Phase.Failed)]
    public async Task Judge_OfAUnitThatDoesNotRun_ChangesNothing(Phase phase)
    {
        await _health.TrackAsync([s_unit]);
        var unit = s_unit with { Phase = phase };

        _health.Judge(unit).Should().Be(unit);
    }

    [Test]
    public async Task Track_OfTheSameRun_GoesOnWithWhatIsKnownOfIt()
    {
        await _health.TrackAsync([s_unit]);
        _probe.Complaint = _ => "timed out";

        await _health.TrackAsync([s_unit]);

        _health.Judge(s_unit).Phase.Should().Be(Phase.Healthy, "it was");
        _probe.Count.Should().Be(1);
    }

    [Test]
    public async Task Track_OfANewRun_BeginsAnew()
    {
        await _health.TrackAsync([s_unit]);
        _probe.Complaint = _ => "connection refused";
        var next = s_unit with { Run = "run2" };

        await _health.TrackAsync([next]);

        _health.Judge(next).Should().Be(next with { Detail = "connection refused" });
    }

    [Test]
    public async Task Track_WithoutAUnitThatIsGone_ProbesItNoMore()
    {
        await _health.TrackAsync([s_unit]);
        await _health.TrackAsync([]);

        _clock.Advance(TimeSpan.FromMinutes(1));

        _probe.Count.Should().Be(1);
        _health.Judge(s_unit).Phase.Should().Be(Phase.Running);
    }

    [Test]
    public async Task Track_OfAUnitWithoutAnEndpoint_ProbesNothing()
    {
        await _health.TrackAsync([s_unit with { Endpoint = null }]);

        _probe.Count.Should().Be(0);
    }

    [Test]
    public async Task Changed_WhenAUnitBecomesIll_IsTold()
    {
        await _health.TrackAsync([s_unit]);
        var changed = _health.Changed;
        _probe.Complaint = _ => "timed out";

        await WaitFor.TrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return changed.IsCompleted;
            },
            "it is told");

        _health.Judge(s_unit).Phase.Should().Be(Phase.Running);
    }
}
