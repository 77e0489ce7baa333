using Deployster.Domain.Specs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class HealthCheckTests
{
    [TestCase("/")]
    [TestCase("/health")]
    [TestCase("/health/ready?full=1&x=%20")]
    [TestCase("//")]
    [TestCase("/~a/$b;c=(d)*+,!@:")]
    public void IsPath_WhenWithinTheGrammar_IsTrue(string text) => HealthCheck.IsPath(text).Should().BeTrue();

    [TestCase("")]
    [TestCase("health")]
    [TestCase("http://host/")]
    [TestCase("/a b")]
    [TestCase("/health\n")]
    [TestCase("/#top")]
    [TestCase("/'")]
    [TestCase("/\"")]
    [TestCase("/\\")]
    [TestCase("/`id`")]
    [TestCase("/a|b")]
    [TestCase("/<")]
    [TestCase("/é")]
    public void IsPath_WhenAgainstTheGrammar_IsFalse(string text) => HealthCheck.IsPath(text).Should().BeFalse();

    [TestCase(511, true)]
    [TestCase(512, false)]
    public void IsPath_WhenLong_TakesAtMost512Characters(int afterSlash, bool isPath) =>
        HealthCheck.IsPath("/" + new string('a', afterSlash)).Should().Be(isPath);
}
