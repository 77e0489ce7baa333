using Deployster.Domain.Names;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Names;

internal sealed class HostNameTests
{
    private static readonly string s_longestLabel = new('a', 63);

    [TestCase("localhost")]
    [TestCase("www.example.com")]
    [TestCase("a-b--c.0")]
    [TestCase("xn--bcher-kva.example")]
    public void TryParse_WhenWithinTheGrammar_GivesTheName(string text)
    {
        HostName.TryParse(text, out var name).Should().BeTrue();

        name!.Value.Should().Be(text);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(".")]
    [TestCase("example.com.")]
    [TestCase("WWW.example.com")]
    [TestCase("-a.com")]
    [TestCase("a-.com")]
    [TestCase("a..com")]
    [TestCase("a_b.com")]
    [TestCase("*.example.com")]
    [TestCase("example.com:80")]
    [TestCase("http://example.com")]
    [TestCase("example.com\n")]
    [TestCase("bücher.example")]
    public void TryParse_WhenAgainstTheGrammar_IsFalse(string? text) => HostName.TryParse(text, out _).Should().BeFalse();

    [Test]
    public void TryParse_WhenTooLong_IsFalse()
    {
        HostName.TryParse(s_longestLabel, out _).Should().BeTrue();
        HostName.TryParse(s_longestLabel + "a", out _).Should().BeFalse();
        HostName.TryParse(string.Join('.', Enumerable.Repeat(s_longestLabel, 4))[..HostName.MaxLength], out _).Should().BeTrue();
        HostName.TryParse(string.Join('.', Enumerable.Repeat(s_longestLabel, 4)), out _).Should().BeFalse();
    }
}
