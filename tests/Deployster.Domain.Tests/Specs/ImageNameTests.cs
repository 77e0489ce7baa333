using Deployster.Domain.Specs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class ImageNameTests
{
    [TestCase("railsapp", false)]
    [TestCase("rails_app.web--x", false)]
    [TestCase("org/app", true)]
    [TestCase("ghcr.io/org/app", true)]
    [TestCase("GHCR.io/org/app", true)]
    [TestCase("localhost/app", true)]
    [TestCase("localhost:5000/team/app", true)]
    [TestCase("registry:5000/app", true)]
    public void Read_OfWhatDockerTakes_TellsWhetherItIsAReference(string text, bool isReference)
    {
        ImageName.Read(text)!.ToString().Should().Be(text);
        ImageName.Read(text)!.IsReference.Should().Be(isReference);
    }

    [TestCase("")]
    [TestCase("Rails")]
    [TestCase("railsapp:v1")]
    [TestCase("ghcr.io/org/app:v1")]
    [TestCase("ghcr.io/org/app@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("https://ghcr.io/org/app")]
    [TestCase("ghcr.io/Org/app")]
    [TestCase("MyCompany/app")]
    [TestCase("/app")]
    [TestCase("app/")]
    [TestCase("a//b")]
    [TestCase("-app")]
    [TestCase("app\n")]
    [TestCase("a___b")]
    public void Read_OfWhatDockerDoesNotTake_IsNull(string text) => ImageName.Read(text).Should().BeNull();

    [Test]
    public void Read_OfMoreThan255Characters_IsNull()
    {
        ImageName.Read(new string('a', 255)).Should().NotBeNull();
        ImageName.Read(new string('a', 256)).Should().BeNull();
    }
}
