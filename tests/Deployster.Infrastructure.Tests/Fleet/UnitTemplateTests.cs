using System.Collections.Immutable;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Fleet;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

public sealed class UnitTemplateTests
{
    [Test]
    public void Render_WhenATemplateIsGiven_FillsItsPlaces()
    {
        const string text = """
            # How we run things
            [Service]
            Environment={{environment}}
            ExecStart=/usr/bin/podman run --name {{service}}_{{instance}} \
              {{run_options}} {{image}} {{command}}

            [X-Fleet]
            Conflicts={{service}}:*:*@*.service
            """;
        var spec = new DeploySpec
        {
            Env = ImmutableSortedDictionary<string, string>.Empty.Add("A", "1").Add("B", "2"),
            Command = ["serve"],
        };

        var options = new UnitFile(UnitTemplate.Parse(text), pullAlways: false).Render(Some.Unit(spec, instance: 7));

        options.Where(option => option.Section != IntentionOptions.Section).Should().Equal(
            new UnitOption("Service", "Environment", "\"A=1\""),
            new UnitOption("Service", "Environment", "\"B=2\""),
            new UnitOption("Service", "ExecStart", "/usr/bin/podman run --name web_7  -e A -e B mycompany/web:v1 serve"),
            new UnitOption("X-Fleet", "Conflicts", "web:*:*@*.service"));
    }

    [Test]
    public void Render_WhenATemplateIsGiven_AddsTheIntention()
    {
        var unit = Some.Unit();

        var options = new UnitFile(UnitTemplate.Parse("[Service]\nExecStart=/bin/true"), pullAlways: false).Render(unit);

        IntentionOptions.Read(options).Should().BeEquivalentTo(unit.Intention);
    }

    [TestCase("", "it has no options")]
    [TestCase("ExecStart=/bin/true", "line 1: an option before the first section")]
    [TestCase("[Service", "line 1: a section's name must end with ']'")]
    [TestCase("[Service]\nhello", "line 2: neither a section nor an option")]
    [TestCase("[Service]\n\nExecStart=/bin/echo {{imaeg}}", "line 3: nothing is known for {{imaeg}}")]
    [TestCase("[X-Deployster]\nImage=\"x\"", "line 1: the section X-Deployster is Deployster's own")]
    public void Parse_WhenATemplateIsWrong_SaysWhereAndWhy(string text, string message) =>
        FluentActions.Invoking(() => UnitTemplate.Parse(text)).Should().Throw<FormatException>().WithMessage(message);
}
