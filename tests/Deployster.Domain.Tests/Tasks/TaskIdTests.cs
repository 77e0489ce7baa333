using Deployster.Domain.Names;
using Deployster.Domain.Tasks;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Tasks;

public sealed class TaskIdTests
{
    private static readonly DateTimeOffset s_noon = new(2015, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void New_WhenLater_SortsBehind() =>
        string.CompareOrdinal(TaskId.New(s_noon).Value, TaskId.New(s_noon.AddMilliseconds(1)).Value).Should().BeNegative();

    [Test]
    public void TryParse_WhenWrittenByItself_ReadsIt()
    {
        var id = TaskId.New(s_noon);

        TaskId.Parse(id.ToString()).Should().Be(id);
    }

    [Test]
    public void ForRelease_OfADeploy_IsItsOwnAndSortsByTheTime()
    {
        var deploy = UnitName.Parse("web:v1:2015.03.02-12.00.00@1.service").DeployId;
        var other = UnitName.Parse("web:v2:2015.03.02-12.00.00@1.service").DeployId;
        var id = TaskId.ForRelease(deploy, s_noon);

        TaskId.Parse(id.Value).Should().Be(TaskId.ForRelease(deploy, s_noon));
        TaskId.ForRelease(other, s_noon).Should().NotBe(id);
        string.CompareOrdinal(id.Value, TaskId.New(s_noon.AddMilliseconds(1)).Value).Should().BeNegative();
        string.CompareOrdinal(id.Value, TaskId.New(s_noon.AddMilliseconds(-1)).Value).Should().BePositive();
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("019352a1b7c47d0e9f7b6a5c4d3e2f1")]
    [TestCase("019352A1B7C47D0E9F7B6A5C4D3E2F10")]
    [TestCase("019352a1b7c47d0e9f7b6a5c4d3e2f1/")]
    public void TryParse_WhenAgainstTheRule_IsFalse(string? text) => TaskId.TryParse(text, out _).Should().BeFalse();
}
