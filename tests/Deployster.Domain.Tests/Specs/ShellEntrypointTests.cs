using Deployster.Domain.Specs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

public sealed class ShellEntrypointTests
{
    [TestCase("/bin/bash", "-lc")]
    [TestCase("/bin/sh", "-c")]
    [TestCase("bash", "-l", "-c")]
    [TestCase("/usr/bin/env", "bash", "-ec")]
    [TestCase("tini", "--", "sh", "-c")]
    public void TakesLine_WhenEntrypointIsShellWithC_IsTrue(params string[] entrypoint) =>
        ShellEntrypoint.TakesLine([.. entrypoint]).Should().BeTrue();

    [TestCase]
    [TestCase("-c")]
    [TestCase("/bin/sh")]
    [TestCase("/bin/sh", "-l")]
    [TestCase("/bin/sh", "--rcfile")]
    [TestCase("/bin/sh", "/entrypoint.sh")]
    [TestCase("/usr/bin/tar", "-c")]
    public void TakesLine_WhenItIsNot_IsFalse(params string[] entrypoint) =>
        ShellEntrypoint.TakesLine([.. entrypoint]).Should().BeFalse();
}
