using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Deployster.Application.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ResilientServiceTests
{
    private readonly PauseClock _clock = new();

    [Test]
    public async Task Run_WhenItThrows_BeginsAgainAfterAGrowingPause()
    {
        var starts = 0;
        using var service = new Service(_clock, _ => ++starts < 5 ? throw new InvalidOperationException("unexpected") : Task.CompletedTask);

        await service.StartAsync(default);
        var pauses = await PassPausesAsync(4);

        await service.ExecuteTask!.WaitAsync(WaitFor.Limit);
        starts.Should().Be(5);
        pauses.Should().Equal(1, 2, 4, 8);
    }

    [Test]
    public async Task Run_WhenItKeepsThrowing_PausesForAMinuteAtTheMost()
    {
        using var service = new Service(_clock, _ => throw new InvalidOperationException("unexpected"));

        await service.StartAsync(default);
        var pauses = await PassPausesAsync(9);
        await service.StopAsync(default);

        pauses[^2..].Should().Equal(60, 60);
    }

    [Test]
    public async Task Run_WhenItWentWellForLong_BeginsAgainSoon()
    {
        var starts = 0;
        using var service = new Service(_clock, async token =>
        {
            if (++starts == 3)
            {
                await Task.Delay(TimeSpan.FromHours(1), _clock, token);
            }

            throw new InvalidOperationException("unexpected");
        });

        await service.StartAsync(default);
        var pauses = await PassPausesAsync(5);
        await service.StopAsync(default);

        pauses.Should().Equal(1, 2, 3600, 1, 2);
    }

    [Test]
    public async Task Run_WhenItIsStopped_EndsWithoutBeginningAgain()
    {
        var starts = 0;
        using var service = new Service(_clock, token =>
        {
            starts++;
            return Task.Delay(Timeout.Infinite, token);
        });
        await service.StartAsync(default);
        await WaitFor.TrueAsync(() => starts == 1, "it has begun");

        await service.StopAsync(default);

        service.ExecuteTask!.IsCompleted.Should().BeTrue();
        starts.Should().Be(1);
    }

    [Test]
    public async Task RunTogether_WhenOnePartFails_StopsTheOthersAndFails()
    {
        var isStopped = false;
        async Task GoOnAsync(CancellationToken token)
        {
            using var stop = token.Register(() => isStopped = true);
            await Task.Delay(Timeout.Infinite, token);
        }

        var together = () => Service.TogetherAsync(GoOnAsync, _ => throw new InvalidOperationException("unexpected"));

        await together.Should().ThrowAsync<InvalidOperationException>().WaitAsync(WaitFor.Limit);
        isStopped.Should().BeTrue();
    }

    [Test]
    public async Task RunTogether_WhenOnePartEnds_StopsTheOthers()
    {
        var together = () => Service.TogetherAsync(token => Task.Delay(Timeout.Infinite, token), _ => Task.CompletedTask);

        await together.Should().ThrowAsync<OperationCanceledException>().WaitAsync(WaitFor.Limit);
    }

    /// <summary>Lets pauses pass, each once it has begun; gives their seconds.</summary>
    private async Task<List<double>> PassPausesAsync(int count)
    {
        var passed = new List<double>();
        while (passed.Count < count)
        {
            await WaitFor.TrueAsync(() => !_clock.Pauses.IsEmpty, "it pauses");
            _clock.Pauses.TryDequeue(out var pause);
            passed.Add(pause.TotalSeconds);
            _clock.Advance(pause);
        }

        return passed;
    }

    private sealed class PauseClock : FakeTimeProvider
    {
        public ConcurrentQueue<TimeSpan> Pauses { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Pauses.Enqueue(dueTime);
            return timer;
        }
    }

    private sealed class Service(TimeProvider time, Func<CancellationToken, Task> run)
        : ResilientService(time, NullLogger.Instance)
    {
        public static Task TogetherAsync(params Func<CancellationToken, Task>[] parts) => RunTogetherAsync(parts, default);

        protected override Task RunAsync(CancellationToken stoppingToken) => run(stoppingToken);
    }
}
