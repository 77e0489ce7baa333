using System.Net;
using Deployster.Api.Authentication;

namespace Deployster.Api.Tests.Security;

internal sealed class FailedLoginTests
{
    private ApiServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task LogIn_WhenManyPasswordsAreTriedAtOnce_IsTriedTenTimesAndThenRefusedEvenWithTheRightOne()
    {
        var answers = await Task.WhenAll(Enumerable.Range(1, 25).Select(number =>
            _server.SendAsync(HttpMethod.Get, "/v1/services", null, ApiServer.Basic("deployster", $"guess {number}"))));
        var right = (await _server.GetAsync("/v1/services")).ShouldBeProblem(HttpStatusCode.TooManyRequests);

        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).Should().Be(FailedLogins.Limit);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).Should().Be(25 - FailedLogins.Limit);
        right.Headers.RetryAfter!.Delta.Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThanOrEqualTo(FailedLogins.Window);
    }

    [Test]
    public async Task LogIn_WhenItFails_IsLoggedWithTheNameAndTheAddressAndNothingThatATerminalWouldObey()
    {
        await _server.SendAsync(HttpMethod.Get, "/v1/services", null, ApiServer.Basic("night\n\e[2Jjob", "guess"));

        _server.Log.Lines.Select(line => line.Text.Trim()).Should().Contain("A login as 'night??[2Jjob' from 127.0.0.1 failed")
            .And.NotContain(line => line.Contains("guess"));
    }

    [Test]
    public async Task Health_WithAWrongPassword_IsToldAndCountsForNothing()
    {
        for (var number = 0; number <= FailedLogins.Limit; number++)
        {
            (await _server.SendAsync(HttpMethod.Get, "/healthz", null, ApiServer.Basic("monitor", "guess"))).Status
                .Should().Be(HttpStatusCode.OK);
        }

        (await _server.GetAsync("/v1/services")).Status.Should().Be(HttpStatusCode.OK);
    }

    [TestCase("192.0.2.1", "::ffff:192.0.2.1", true)]
    [TestCase("2001:db8::1", "2001:db8::2:3:4:5", true)]
    [TestCase("2001:db8::1", "2001:db8:0:1::1", false)]
    [TestCase("192.0.2.1", "192.0.2.2", false)]
    public void RefusalOf_AnAddressBesideTheOneThatFailed_IsByWhoHasIt(string failed, string other, bool isRefused)
    {
        var failures = new FailedLogins(new Clock());
        Fail(failures, failed, FailedLogins.Limit);

        (failures.RefusalOf(IPAddress.Parse(other)) is not null).Should().Be(isRefused);
    }

    [Test]
    public void RefusalOf_WhenTheFirstFailureIsAMinuteOld_Ends()
    {
        var clock = new Clock();
        var failures = new FailedLogins(clock);
        Fail(failures, "192.0.2.1", 1);
        clock.Elapsed += TimeSpan.FromSeconds(20);
        Fail(failures, "192.0.2.1", FailedLogins.Limit - 1);

        failures.RefusalOf(IPAddress.Parse("192.0.2.1")).Should().Be(TimeSpan.FromSeconds(40));
        clock.Elapsed += TimeSpan.FromSeconds(40);
        failures.RefusalOf(IPAddress.Parse("192.0.2.1")).Should().BeNull();
        Fail(failures, "192.0.2.1", 1);
        failures.RefusalOf(IPAddress.Parse("192.0.2.1")).Should().Be(TimeSpan.FromSeconds(20));
    }

    [Test]
    public void RefusalOf_WhenTheClockIsSetBack_EndsAsSoon()
    {
        var clock = new Clock();
        var failures = new FailedLogins(clock);
        Fail(failures, "192.0.2.1", FailedLogins.Limit);

        clock.SetBy = TimeSpan.FromHours(-1);

        failures.RefusalOf(IPAddress.Parse("192.0.2.1")).Should().Be(FailedLogins.Window);
        clock.Elapsed += FailedLogins.Window;
        failures.RefusalOf(IPAddress.Parse("192.0.2.1")).Should().BeNull();
    }

    [Test]
    public void RefusalOf_WhenTheClockIsSetAhead_Lasts()
    {
        var clock = new Clock();
        var failures = new FailedLogins(clock);
        Fail(failures, "192.0.2.1", FailedLogins.Limit);

        clock.SetBy = TimeSpan.FromHours(1);

        failures.RefusalOf(IPAddress.Parse("192.0.2.1")).Should().Be(FailedLogins.Window);
    }

    private static void Fail(FailedLogins failures, string address, int times)
    {
        for (var number = 0; number < times; number++)
        {
            failures.Add(IPAddress.Parse(address));
        }
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public TimeSpan SetBy { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50) + Elapsed + SetBy;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
