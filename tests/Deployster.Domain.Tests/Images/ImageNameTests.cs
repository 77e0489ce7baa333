using Deployster.Domain.Images;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Images;

internal sealed class ImageNameTests
{
    [TestCase("mycompany/railsapp:7bdae1c", "mycompany/railsapp:7bdae1c")]
    [TestCase("docker.io/mycompany/railsapp:7bdae1c", "mycompany/railsapp:7bdae1c")]
    [TestCase("index.docker.io/library/redis:7", "redis:7")]
    [TestCase("library/redis:7", "redis:7")]
    [TestCase("redis", "redis:latest")]
    [TestCase("registry.example.com:5000/team/web", "registry.example.com:5000/team/web:latest")]
    [TestCase("registry.example.com:5000/library/web:v1", "registry.example.com:5000/library/web:v1")]
    [TestCase("team/web@sha256:4f0c", "team/web@sha256:4f0c")]
    [TestCase("docker.io/team/web:v1@sha256:4f0c", "team/web@sha256:4f0c")]
    public void Shorten_OfANameInAnyForm_IsAsTheEngineWritesIt(string name, string expected) =>
        ImageName.Shorten(name).Should().Be(expected);

    [TestCase("team/web:v1", "team/web")]
    [TestCase("registry.example.com:5000/team/web", "registry.example.com:5000/team/web")]
    [TestCase("registry.example.com:5000/team/web@sha256:4f0c", "registry.example.com:5000/team/web")]
    public void RepositoryOf_OfAName_IsItsBeginning(string name, string expected) =>
        ImageName.RepositoryOf(name).Should().Be(expected);
}
