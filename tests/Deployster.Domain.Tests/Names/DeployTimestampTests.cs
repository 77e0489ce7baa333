using Deployster.Domain.Names;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Names;

internal sealed class DeployTimestampTests
{
    [Test]
    public void TryParse_WhenWithinTheGrammar_GivesTheMomentInUtc()
    {
        DeployTimestamp.TryParse("2015.03.02-00.31.45", out var timestamp).Should().BeTrue();

        timestamp!.Time.Should().Be(new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero)).And.BeExactly(timestamp.Time.ToUniversalTime());
    }

    [TestCase("0001.01.01-00.00.00")]
    [TestCase("2016.02.29-23.59.59")]
    [TestCase("9999.12.31-23.59.59")]
    public void TryParse_WhenAnyRealDate_GivesIt(string text) =>
        DeployTimestamp.Parse(text).ToString().Should().Be(text);

    [TestCase(null)]
    [TestCase("")]
    [TestCase("2015.02.30-00.00.00")]
    [TestCase("2015.02.29-00.00.00")]
    [TestCase("0000.01.01-00.00.00")]
    [TestCase("2015.13.01-00.00.00")]
    [TestCase("2015.03.02-24.00.00")]
    [TestCase("2015.03.02-00.60.00")]
    [TestCase("2015.03.02-00.31.60")]
    [TestCase("2015.3.02-00.31.45")]
    [TestCase("2015.03.02-00.31.4")]
    [TestCase("2015.03.02-00.31.45\n")]
    [TestCase("2015.03.02-00.31.4\n")]
    [TestCase("2015.03.02-00.31.4\0")]
    [TestCase(" 015.03.02-00.31.45")]
    [TestCase("2015-03-02-00.31.45")]
    [TestCase("2015.03.02 00.31.45")]
    [TestCase("２015.03.02-00.31.45")]
    [TestCase("٢٠١٥.03.02-00.31.45")]
    public void TryParse_WhenAgainstTheGrammar_IsFalse(string? text)
    {
        DeployTimestamp.TryParse(text, out var timestamp).Should().BeFalse();

        timestamp.Should().BeNull();
    }

    [Test]
    public void At_WhenTheMomentHasAnotherOffsetAndFractions_CutsItToTheSecondInUtc()
    {
        var moment = new DateTimeOffset(2015, 3, 2, 2, 31, 45, 999, TimeSpan.FromHours(2));

        DeployTimestamp.At(moment).ToString().Should().Be("2015.03.02-00.31.45");
    }

    [Test]
    public void Parse_WhenAgainstTheGrammar_ThrowsWithTheRule()
    {
        var parse = () => DeployTimestamp.Parse("today");

        parse.Should().Throw<FormatException>().WithMessage($"*'today'*{DeployTimestamp.Rule}*");
    }

    [Test]
    public void Parse_OfWhatWasPrinted_GivesTheSame() =>
        Properties.Check(Generate.Timestamp, timestamp =>
            DeployTimestamp.Parse(timestamp.ToString()).Should().Be(timestamp));

    [Test]
    public void TryParse_OfAnyString_TakesItAsItIsOrNotAtAll() =>
        Properties.Check(Generate.AnyString, text =>
            (!DeployTimestamp.TryParse(text, out var timestamp) || timestamp.ToString() == text).Should().BeTrue());
}
