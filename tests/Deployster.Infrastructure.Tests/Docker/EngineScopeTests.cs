using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

public sealed class EngineScopeTests
{
    [TestCase("staging")]
    [TestCase("a")]
    [TestCase("team-1-of-2")]
    [TestCase("a2345678901234567890")]
    public void TryParse_WhenItIsByTheRule_GivesIt(string text)
    {
        EngineScope.TryParse(text, out var scope).Should().BeTrue();

        scope!.Name.Should().Be(text);
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("Staging")]
    [TestCase("-a")]
    [TestCase("a-")]
    [TestCase("a.b")]
    [TestCase("a\n")]
    [TestCase("a23456789012345678901")]
    public void TryParse_WhenItIsAgainstTheRule_GivesNone(string? text) => EngineScope.TryParse(text, out _).Should().BeFalse();

    [Test]
    public void Owns_Always_TellsScopesAndNoneApart()
    {
        EngineScope[] scopes = [EngineScope.None, ScopeOf("a"), ScopeOf("b")];

        foreach (var scope in scopes)
        {
            var labels = scope.AddTo(new Dictionary<string, string> { ["deployster.unit"] = "x" });
            scopes.Where(other => other.Owns(labels)).Should().Equal(scope);
        }
    }

    [Test]
    public void ContainerName_InAnyScope_IsOfThatScopeAlone()
    {
        var unit = UnitName.Parse("web:v1:2015.03.02-00.31.45@1.service");
        EngineScope[] scopes = [EngineScope.None, ScopeOf("a"), ScopeOf("1"), ScopeOf("a-1")];

        scopes.Select(scope => ContainerName.Of(unit, scope)).Should().Equal(
            "web-v1-2015.03.02-00.31.45-1",
            "web-v1-2015.03.02-00.31.45-1.a",
            "web-v1-2015.03.02-00.31.45-1.1",
            "web-v1-2015.03.02-00.31.45-1.a-1");
    }

    private static EngineScope ScopeOf(string name) => EngineScope.TryParse(name, out var scope) ? scope : throw new FormatException(name);
}
