using Deployster.Domain.Names;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Names;

internal sealed class VersionTagTests
{
    private static readonly string s_longest = new('a', 128);

    [TestCase("7bdae1c")]
    [TestCase("v1")]
    [TestCase("_")]
    [TestCase("1.0.0-RC_1")]
    [TestCase("a..-")]
    public void TryParse_WhenWithinTheGrammar_GivesTheVersion(string text)
    {
        VersionTag.TryParse(text, out var version).Should().BeTrue();

        version!.Value.Should().Be(text);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(".1")]
    [TestCase("-1")]
    [TestCase("v1\n")]
    [TestCase("v 1")]
    [TestCase("v:1")]
    [TestCase("v@1")]
    [TestCase("v/1")]
    [TestCase("v%i")]
    [TestCase("١")]
    public void TryParse_WhenAgainstTheGrammar_IsFalse(string? text)
    {
        VersionTag.TryParse(text, out var version).Should().BeFalse();

        version.Should().BeNull();
    }

    [Test]
    public void TryParse_WhenAsLongAsMayBe_GivesTheVersion() => VersionTag.TryParse(s_longest, out _).Should().BeTrue();

    [Test]
    public void TryParse_WhenTooLong_IsFalse() => VersionTag.TryParse(s_longest + "a", out _).Should().BeFalse();

    [Test]
    public void Parse_WhenAgainstTheGrammar_ThrowsWithTheRule()
    {
        var parse = () => VersionTag.Parse(".");

        parse.Should().Throw<FormatException>().WithMessage($"*'.'*{VersionTag.Rule}*");
    }

    [Test]
    public void Parse_OfWhatWasPrinted_GivesTheSame() =>
        Properties.Check(Generate.Version, version => VersionTag.Parse(version.ToString()).Should().Be(version));

    [Test]
    public void TryParse_OfAnyString_TakesItAsItIsOrNotAtAll() =>
        Properties.Check(Generate.AnyString, text =>
            (!VersionTag.TryParse(text, out var version) || version.ToString() == text).Should().BeTrue());
}
