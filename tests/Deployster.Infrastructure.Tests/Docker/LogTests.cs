using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class LogTests
{
    [Test]
    public async Task ReadLastLines_WhenAContainerWritesOnBothStreams_GivesTheLastInOrder()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchScriptAsync(
            "echo one; sleep 0.2; echo two >&2; sleep 0.2; printf 'th\\033[31mree ü\\r\\n'; sleep 0.2; echo '  four'; sleep 1000");

        var lines = await WaitFor.ValueAsync(
            () => fleet.Client.ReadLastLinesAsync(unit, 3, default), lines => lines.Count == 3 && lines[^1] == "  four", "it has written");

        lines.Should().Equal("two", "th\uFFFD[31mree ü", "  four");
    }

    [Test]
    public async Task ReadLastLines_WhenTheUnitIsGone_GivesNone()
    {
        await using var fleet = new DockerFleet();

        (await fleet.Client.ReadLastLinesAsync(fleet.Unit("x").Name, 20, default)).Should().BeEmpty();
    }

    [Test]
    public async Task ReadLastLines_WhenTheLogCannotBeRead_GivesNone()
    {
        await using var fleet = new DockerFleet();
        var definition = fleet.Unit(await SampleImages.GetAsync(SampleImage.Good));
        await fleet.Engine.RunAsync(new CreateContainerParameters
        {
            Image = definition.Intention.Image,
            Labels = new Dictionary<string, string> { ["deployster.unit"] = definition.Name.ToString() },
            HostConfig = new HostConfig { LogConfig = new LogConfig { Type = "none" } },
        });

        (await fleet.Client.ReadLastLinesAsync(definition.Name, 20, default)).Should().BeEmpty();
    }
}
