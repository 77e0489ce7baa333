using Deployster.Domain.Specs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class StopSignalTests
{
    [TestCase("SIGTERM")]
    [TestCase("SIGQUIT")]
    [TestCase("SIGWINCH")]
    [TestCase("SIGRTMIN")]
    [TestCase("SIGRTMIN+3")]
    [TestCase("SIGRTMAX-14")]
    public void Read_WhenLinuxHasTheSignal_GivesIt(string text) => StopSignal.Read(text)!.ToString().Should().Be(text);

    [TestCase("")]
    [TestCase("TERM")]
    [TestCase("sigterm")]
    [TestCase("15")]
    [TestCase("SIGNONSENSE")]
    [TestCase("SIGTERM ")]
    [TestCase("SIGTERM\n")]
    [TestCase("SIGRTMIN+16")]
    public void Read_WhenItHasNone_IsNull(string text) => StopSignal.Read(text).Should().BeNull();
}
