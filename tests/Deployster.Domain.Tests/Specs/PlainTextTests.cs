using Deployster.Domain.Specs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class PlainTextTests
{
    [TestCase("")]
    [TestCase("a b")]
    [TestCase("\t")]
    [TestCase("\\")]
    [TestCase("\"'$%`")]
    [TestCase("é")]
    [TestCase("🚀")]
    [TestCase("\ufffd")]
    public void IsOneLine_WhenPlain_IsTrue(string text) => PlainText.IsOneLine(text).Should().BeTrue();

    [TestCase("a\n\r\v\u0085b")]
    [TestCase("\u0001\u007f\u2028\uffff")]
    public void IsText_WhenWithoutNul_IsTrue(string text) => PlainText.IsText(text).Should().BeTrue();

    [Test]
    public void IsText_WhenNulOrNoValidUnicode_IsFalse() =>
        new[] { "a\0", "\ud83d", "\ude80\ud83d" }.Should().NotContain(text => PlainText.IsText(text));

    [TestCase("\n")]
    [TestCase("\r")]
    [TestCase("\v")]
    [TestCase("\f")]
    [TestCase("a\0")]
    [TestCase("\u001b[31m")]
    [TestCase("\u007f")]
    [TestCase("\u0085")]
    [TestCase("\u009b")]
    [TestCase("\u2028")]
    [TestCase("\u2029")]
    [TestCase("\uffff")]
    [TestCase("\ufdd0")]
    [TestCase("\U0001fffe")]
    public void IsOneLine_WhenItBreaksOrControlsLines_IsFalse(string text) => PlainText.IsOneLine(text).Should().BeFalse();

    // No test cases: the adapter cannot print them.
    [Test]
    public void IsOneLine_WhenNoValidUnicode_IsFalse() =>
        new[] { "\ud83d", "\ude80", "\ude80\ud83d", "a\ud83db" }.Should().NotContain(text => PlainText.IsOneLine(text));

    [Test]
    public void IsOneLine_OfAnyString_IsFalseWhereverAReaderOfLinesFindsMoreThanOne() =>
        Properties.Check(Generate.AnyString, text =>
            (PlainText.IsOneLine(text) && text.ReplaceLineEndings("\n").Contains('\n', StringComparison.Ordinal)).Should().BeFalse());
}
