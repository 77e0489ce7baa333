using Deployster.Domain.Names;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Names;

internal sealed class ServiceNameTests
{
    private static readonly string s_longest = new('a', 100);

    [TestCase("a")]
    [TestCase("7")]
    [TestCase("railsapp")]
    [TestCase("rails-app")]
    [TestCase("rails.app_2")]
    [TestCase("a..b")]
    [TestCase("a__b")]
    [TestCase("a-._b")]
    public void TryParse_WhenWithinTheGrammar_GivesTheName(string text)
    {
        ServiceName.TryParse(text, out var name).Should().BeTrue();

        name!.Value.Should().Be(text);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("Railsapp")]
    [TestCase("railsapp\n")]
    [TestCase("railsapp\0")]
    [TestCase(" railsapp")]
    [TestCase(".a")]
    [TestCase("-a")]
    [TestCase("_a")]
    [TestCase("a.")]
    [TestCase("a-.")]
    [TestCase("a:b")]
    [TestCase("a@b")]
    [TestCase("a/b")]
    [TestCase("a b")]
    [TestCase("é")]
    [TestCase("٣")]
    public void TryParse_WhenAgainstTheGrammar_IsFalse(string? text)
    {
        ServiceName.TryParse(text, out var name).Should().BeFalse();

        name.Should().BeNull();
    }

    [Test]
    public void TryParse_WhenAsLongAsMayBe_GivesTheName() => ServiceName.TryParse(s_longest, out _).Should().BeTrue();

    [Test]
    public void TryParse_WhenTooLong_IsFalse() => ServiceName.TryParse(s_longest + "a", out _).Should().BeFalse();

    [Test]
    public void Parse_WhenAgainstTheGrammar_ThrowsWithTheRule()
    {
        var parse = () => ServiceName.Parse("Rails");

        parse.Should().Throw<FormatException>().WithMessage($"*'Rails'*{ServiceName.Rule}*");
    }

    [Test]
    public void Parse_OfWhatWasPrinted_GivesTheSame() =>
        Properties.Check(Generate.ServiceName, name => ServiceName.Parse(name.ToString()).Should().Be(name));

    [Test]
    public void TryParse_OfAnyString_TakesItAsItIsOrNotAtAll() =>
        Properties.Check(Generate.AnyString, text =>
            (!ServiceName.TryParse(text, out var name) || name.ToString() == text).Should().BeTrue());
}
