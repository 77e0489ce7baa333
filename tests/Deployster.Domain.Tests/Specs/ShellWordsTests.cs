using System.Diagnostics;
using System.Text;
using Deployster.Domain.Specs;
using FluentAssertions;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class ShellWordsTests
{
    [TestCase("", new string[0])]
    [TestCase(" \t\n ", new string[0])]
    [TestCase("rake db:migrate", new[] { "rake", "db:migrate" })]
    [TestCase("  a   b  ", new[] { "a", "b" })]
    [TestCase("a 'b c' d", new[] { "a", "b c", "d" })]
    [TestCase("a \"b c\" d", new[] { "a", "b c", "d" })]
    [TestCase("a'b'\"c\"d", new[] { "abcd" })]
    [TestCase("''", new[] { "" })]
    [TestCase("\"\" a", new[] { "", "a" })]
    [TestCase("'a\\b'", new[] { "a\\b" })]
    [TestCase("a\\ b", new[] { "a b" })]
    [TestCase("\\'", new[] { "'" })]
    [TestCase("\"\\\"\\\\\\$\\`\\a\"", new[] { "\"\\$`\\a" })]
    [TestCase("a\\\nb", new[] { "ab" })]
    [TestCase("\"a\\\nb\"", new[] { "ab" })]
    [TestCase("'a\nb'", new[] { "a\nb" })]
    [TestCase("$HOME `id` $(id) * ~", new[] { "$HOME", "`id`", "$(id)", "*", "~" })]
    public void TrySplit_WhenALineIsWhole_GivesItsWords(string line, string[] words)
    {
        ShellWords.TrySplit(line, out var found, out var error).Should().BeTrue();

        found.Should().Equal(words);
        error.Should().BeNull();
    }

    [TestCase("a 'b", "the quote ' is left open")]
    [TestCase("a \"b", "the quote \" is left open")]
    [TestCase("a \"b\\\"", "the quote \" is left open")]
    [TestCase("a\\", "a backslash stands at the end with nothing behind it")]
    [TestCase("\"a\\", "a backslash stands at the end with nothing behind it")]
    public void TrySplit_WhenALineIsCutOff_SaysWhy(string line, string reason)
    {
        ShellWords.TrySplit(line, out var words, out var error).Should().BeFalse();

        words.Should().BeEmpty();
        error.Should().Be(reason);
    }

    [Test]
    public void TrySplit_OfQuotedWords_GivesThem() =>
        Properties.Check(
            Generate.AnyString.ArrayOf(),
            words =>
            {
                var line = string.Join(' ', words.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

                ShellWords.TrySplit(line, out var found, out _).Should().BeTrue();
                found.Should().Equal(words);
            });

    [Test]
    public void TrySplit_OfManyLines_SplitsThemAsAShellDoes()
    {
        var line = Gen.Elements("a", "b", " ", "\t", "'", "\"", "\\").ListOf(12).Select(string.Concat);
        var whole = line.Sample(400).Where(text => ShellWords.TrySplit(text, out _, out _)).ToList();

        whole.Should().HaveCountGreaterThan(20);
        whole.Select(Split).Should().Equal(SplitByShell(whole));
    }

    private static string Split(string line) =>
        ShellWords.TrySplit(line, out var words, out _) ? string.Concat(words.Select(word => $"<{word}>")) : "";

    private static string[] SplitByShell(IEnumerable<string> lines)
    {
        // The words of each line in brackets, a line each: none of the generated words holds a line break.
        var script = new StringBuilder();
        foreach (var line in lines)
        {
            script.Append("set -- ").Append(line).Append("\nfor word in \"$@\"; do printf '<%s>' \"$word\"; done; echo\n");
        }

        using var shell = Process.Start(new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        shell.StandardInput.Write(script);
        shell.StandardInput.Close();
        return shell.StandardOutput.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
