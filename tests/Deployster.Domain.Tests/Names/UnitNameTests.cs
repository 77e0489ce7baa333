using Deployster.Domain.Names;
using FluentAssertions;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Names;

internal sealed class UnitNameTests
{
    private const string Timestamp = "2015.03.02-00.31.45";

    [Test]
    public void TryParse_WhenWithinTheGrammar_GivesItsParts()
    {
        UnitName.TryParse($"railsapp:7bdae1c:{Timestamp}@12.service", out var name).Should().BeTrue();

        name.Should().Be(new UnitName(
            new DeployId(ServiceName.Parse("railsapp"), VersionTag.Parse("7bdae1c"), DeployTimestamp.Parse(Timestamp)), 12));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(".service")]
    [TestCase("@.service")]
    [TestCase("vulcand.service")]
    [TestCase("vulcand@1.service")]
    [TestCase("a:b:c.service")]
    [TestCase("a:b:c@1.service")]
    [TestCase("x:y@z.service")]
    [TestCase("a:b:2015.03.02-00.31.45.service")]
    [TestCase("a:b:2015.02.30-00.31.45@1.service")]
    [TestCase("a:b:2015.03.02-00.31.45:d@1.service")]
    [TestCase("A:b:2015.03.02-00.31.45@1.service")]
    [TestCase("a:.b:2015.03.02-00.31.45@1.service")]
    [TestCase("a:b@:2015.03.02-00.31.45@1.service")]
    [TestCase("a:b:2015.03.02-00.31.45@.service")]
    [TestCase("a:b:2015.03.02-00.31.45@0.service")]
    [TestCase("a:b:2015.03.02-00.31.45@01.service")]
    [TestCase("a:b:2015.03.02-00.31.45@-1.service")]
    [TestCase("a:b:2015.03.02-00.31.45@+1.service")]
    [TestCase("a:b:2015.03.02-00.31.45@1 .service")]
    [TestCase("a:b:2015.03.02-00.31.45@1\0.service")]
    [TestCase("a:b:2015.03.02-00.31.45@1,000.service")]
    [TestCase("a:b:2015.03.02-00.31.45@1.5.service")]
    [TestCase("a:b:2015.03.02-00.31.45@١.service")]
    [TestCase("a:b:2015.03.02-00.31.45@2147483648.service")]
    [TestCase("a:b:2015.03.02-00.31.45@99999999999999999999.service")]
    [TestCase("a:b:2015.03.02-00.31.45@one.service")]
    [TestCase("a:b:2015.03.02-00.31.45@1.Service")]
    [TestCase("a:b:2015.03.02-00.31.45@1.service\n")]
    [TestCase("a:b:2015.03.02-00.31.45@1.timer")]
    public void TryParse_WhenSomebodyElses_IsFalse(string? text)
    {
        UnitName.TryParse(text, out var name).Should().BeFalse();

        name.Should().BeNull();
    }

    [Test]
    public void TryParse_WhenAsLongAsMayBe_GivesTheName() => UnitName.TryParse(NameOfLength(256), out _).Should().BeTrue();

    [Test]
    public void TryParse_WhenTooLong_IsFalse() => UnitName.TryParse(NameOfLength(257), out _).Should().BeFalse();

    [Test]
    public void Parse_WhenAgainstTheGrammar_Throws()
    {
        var parse = () => UnitName.Parse("vulcand.service");

        parse.Should().Throw<FormatException>().WithMessage("*vulcand.service*");
    }

    [Test]
    public void Parse_OfWhatWasPrinted_GivesTheSame() =>
        Properties.Check(
            Generate.UnitName.Where(name => name.ToString().Length <= UnitName.MaxLength),
            name => UnitName.Parse(name.ToString()).Should().Be(name));

    [Test]
    public void TryParse_OfAnyString_TakesItAsItIsOrNotAtAll() =>
        Properties.Check(Generate.AnyString, text =>
            (!UnitName.TryParse(text, out var name) || name.ToString() == text).Should().BeTrue());

    [Test]
    public void TryParse_OfANameWithOnePieceChanged_TakesItAsItIsOrNotAtAll() =>
        Properties.Check(
            from name in Generate.UnitName
            from piece in Generate.AnyString
            let text = name.ToString()
            from start in Gen.Choose(0, text.Length)
            from length in Gen.Choose(0, Math.Min(3, text.Length - start))
            select text.Remove(start, length).Insert(start, piece),
            text => (!UnitName.TryParse(text, out var name) || name.ToString() == text).Should().BeTrue());

    private static string NameOfLength(int length)
    {
        var rest = $":{new string('v', 128)}:{Timestamp}@.service";
        var service = new string('a', 90);
        return $"{service}{rest.Replace("@", $"@{new string('1', length - service.Length - rest.Length)}", StringComparison.Ordinal)}";
    }
}
