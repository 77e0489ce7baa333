using Deployster.Domain.Tasks;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Tasks;

public sealed class TaskEndTests
{
    [TestCase(0, TaskRunStatus.Succeeded)]
    [TestCase(1, TaskRunStatus.Failed)]
    [TestCase(137, TaskRunStatus.Failed)]
    public void Exited_WhenCommandEnds_TellsItsCode(int exitCode, TaskRunStatus status)
    {
        var end = TaskEnd.Exited(exitCode);

        end.Status.Should().Be(status);
        end.ToString().Should().Be($"Exited ({exitCode})");
    }

    [TestCase(1, "1s")]
    [TestCase(60, "1m0s")]
    [TestCase(90, "1m30s")]
    [TestCase(600, "10m0s")]
    [TestCase(3600, "1h0m0s")]
    [TestCase(86400, "24h0m0s")]
    public void TimedOut_WhenTold_WritesTheTimeAsGoDoes(int seconds, string words) =>
        TaskEnd.TimedOut(TimeSpan.FromSeconds(seconds)).ToString().Should().Be($"Exited (124) The task timed out after {words}.");

    [TestCase("alice", "Exited (143) The task was cancelled by alice.")]
    [TestCase("", "Exited (143) The task was cancelled.")]
    [TestCase(null, "Exited (143) The task was cancelled.")]
    public void Cancelled_WhenTold_NamesWhoDidIt(string? user, string words) =>
        TaskEnd.Cancelled(user).ToString().Should().Be(words);

    [Test]
    public void Lost_WhenTold_GivesTheReason() =>
        TaskEnd.Lost("The engine is gone.").ToString().Should().Be("Exited (125) The engine is gone.");
}
