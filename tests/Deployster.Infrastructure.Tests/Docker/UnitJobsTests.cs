using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Images;
using Deployster.Infrastructure.Docker.Units;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

public sealed class UnitJobsTests
{
    private static readonly UnitName s_unit = UnitName.Parse("web:v1:2015.03.02-00.31.45@1.service");

    [TestCase("received unexpected HTTP status: 503 Service Unavailable", 1)]
    [TestCase("toomanyrequests: retry-after: 250ms, allowed: 44000/minute", 1)]
    [TestCase("toomanyrequests: retry-after: 7s, allowed: 44000/minute", 7)]
    public async Task Start_WhenARegistryIsInTrouble_LeavesItAloneForAsLongAsItSays(string words, int seconds)
    {
        var clock = new FakeTimeProvider();
        using var jobs = new UnitJobs(clock, NullLogger<UnitJobs>.Instance);
        var attempts = 0;
        StartAgain();
        await WaitFor.TrueAsync(() => jobs.Snapshot()[s_unit].Detail == words, "it is in trouble");

        clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        StartAgain();
        await Task.Delay(100);
        attempts.Should().Be(1);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        StartAgain();

        await WaitFor.TrueAsync(() => attempts == 2, "it is asked again");

        void StartAgain() => jobs.Start(s_unit, null, _ =>
        {
            Interlocked.Increment(ref attempts);
            throw new ImagePullException(words);
        });
    }
}
