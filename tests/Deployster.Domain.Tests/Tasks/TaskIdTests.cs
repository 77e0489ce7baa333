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

    [TestCase(null)]
    [TestCase("")]
    [TestCase("019352a1b7c47d0e9f7b6a5c4d3e2f1")]
    [TestCase("019352A1B7C47D0E9F7B6A5C4D3E2F10")]
    [TestCase("019352a1b7c47d0e9f7b6a5c4d3e2f1/")]
    public void TryParse_WhenAgainstTheRule_IsFalse(string? text) => TaskId.TryParse(text, out _).Should().BeFalse();
}
