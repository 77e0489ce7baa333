using Deployster.Domain.Specs;
using FluentAssertions;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class MemorySizeTests
{
    [TestCase("6m", 6L << 20)]
    [TestCase("512m", 512L << 20)]
    [TestCase("2g", 2L << 30)]
    [TestCase("6144k", 6L << 20)]
    [TestCase("6291456", 6L << 20)]
    [TestCase("6291457b", (6L << 20) + 1)]
    [TestCase("16384g", 1L << 44)]
    public void TryParse_WhenWithinTheGrammar_GivesTheBytes(string text, long bytes)
    {
        MemorySize.TryParse(text, out var size).Should().BeTrue();

        size.Bytes.Should().Be(bytes);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("m")]
    [TestCase("0")]
    [TestCase("0512m")]
    [TestCase("5m")]
    [TestCase("6291455")]
    [TestCase("16385g")]
    [TestCase("999999999999999g")]
    [TestCase("99999999999999999999999")]
    [TestCase("512M")]
    [TestCase("512mb")]
    [TestCase("512 m")]
    [TestCase(" 512m")]
    [TestCase("512m\n")]
    [TestCase("512\0m")]
    [TestCase("-512m")]
    [TestCase("+512m")]
    [TestCase("1.5g")]
    [TestCase("1,024m")]
    [TestCase("٥12m")]
    [TestCase("6٥12m")]
    public void TryParse_WhenAgainstTheGrammar_IsFalse(string? text) =>
        MemorySize.TryParse(text, out _).Should().BeFalse();

    [TestCase("1024m", "1g")]
    [TestCase("1536m", "1536m")]
    [TestCase("6145k", "6145k")]
    [TestCase("6291457b", "6291457")]
    public void ToString_WhenWrittenInAnotherUnit_IsTheShortestExactWriting(string text, string shortest)
    {
        MemorySize.TryParse(text, out var size).Should().BeTrue();

        size.ToString().Should().Be(shortest);
    }

    [Test]
    public void TryParse_OfWhatWasPrinted_GivesTheSame() =>
        Properties.Check(
            from high in Gen.Choose(0, (1 << 14) - 1)
            from low in Gen.Choose(6 << 20, (1 << 30) - 1)
            from shift in Gen.Elements(0, 10, 20)
            select new MemorySize((((long)high << 30) + low) >> shift << shift),
            size =>
            {
                MemorySize.TryParse(size.ToString(), out var read).Should().BeTrue();
                read.Should().Be(size);
            });

    [Test]
    public void TryParse_OfAnyString_NeverThrows() =>
        Properties.Check(Generate.AnyString, text => _ = MemorySize.TryParse(text, out _));
}
