using System.Net;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;
using Volume = Deployster.Domain.Specs.Volume;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class LaunchTests
{
    [Test]
    public async Task Launch_WhenItReturns_HasTheUnitListed()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchAsync(SampleImage.Good);

        (await fleet.FindUnitAsync(unit))!.TargetState.Should().Be(TargetState.Launched);
        (await fleet.FindStateAsync(unit))!.Active.Should().BeOneOf("activating", "active");
    }

    [Test]
    public async Task Launch_WhenTheUnitExists_ChangesNothing()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.Good);
        await fleet.LaunchAsync(SampleImage.Good);
        await fleet.WaitForStateAsync(unit, "active/running");
        var before = await fleet.InspectAsync();

        await fleet.LaunchAsync(SampleImage.Good);

        (await fleet.FindStateAsync(unit))!.Words.Should().Be("active/running");
        (await fleet.InspectAsync()).Should().BeEquivalentTo(before, options => options.Including(c => c.ID).Including(c => c.State!.StartedAt));
    }

    [Test]
    public async Task Launch_WhenTwoFleetClientsDoItAtOnce_MakesOneContainer()
    {
        await using var fleet = new DockerFleet();
        await using var other = DockerFleet.Connect(new DockerOptions(new Uri(TestEngine.Endpoint)));
        var definition = fleet.Unit(await SampleImages.GetAsync(SampleImage.Good));
        var otherClient = (Application.Fleet.IFleetClient)other.GetService(typeof(Application.Fleet.IFleetClient))!;

        await Task.WhenAll(fleet.Client.LaunchUnitAsync(definition, default), otherClient.LaunchUnitAsync(definition, default));

        await fleet.WaitForStateAsync(definition.Name, "active/running");
        await WaitFor.TrueAsync(
            async () => (await otherClient.ListUnitStatesAsync(default)).Single(state => state.Name == definition.Name).IsHealthy,
            "the other sees it healthy");
        (await fleet.Engine.ContainersOfAsync(fleet.Service)).Should().ContainSingle();
    }

    [Test]
    public async Task Launch_WhenDeploysterIsStartedAgain_KeepsTheUnitAndItsIntention()
    {
        await using var fleet = new DockerFleet();
        var definition = fleet.Unit(
            await SampleImages.GetAsync(SampleImage.Good),
            DeploySpec.Default with
            {
                Env = DeploySpec.Default.Env.Add("A", " \"x\" = 'y' \\ \t$HOME %h ü🚀").Add("B", ""),
                HealthCheck = new HealthCheck("/health?a=1&b=%20"),
                MinHealthy = TimeSpan.FromSeconds(2.5),
            });
        await fleet.Client.LaunchUnitAsync(definition, default);
        await fleet.WaitForStateAsync(definition.Name, "active/running");

        fleet.Restart();

        var unit = await fleet.FindUnitAsync(definition.Name);
        unit!.Intention.Should().BeEquivalentTo(definition.Intention, options => options.ComparingByMembers<Intention>());
        unit.CurrentState.Should().Be(TargetState.Launched);
    }

    [Test]
    public async Task Launch_WhenDeploysterWasKilledBeforeTheStart_IsCarriedOn()
    {
        await using var fleet = new DockerFleet();
        var definition = fleet.Unit(await SampleImages.GetAsync(SampleImage.Good));
        await fleet.Engine.Client.Containers.CreateContainerAsync(ContainerSettings.Of(definition, IPAddress.Loopback));

        await fleet.WaitForStateAsync(definition.Name, "active/running");
    }

    [Test]
    public async Task Launch_WhenASpecSaysHowItRuns_ReachesTheContainer()
    {
        await using var fleet = new DockerFleet();
        var volume = $"{fleet.Service}-data";
        var folder = Directory.CreateTempSubdirectory("deployster-volume-");
        var values = new Dictionary<string, string>
        {
            ["EMPTY"] = "",
            ["QUOTES"] = "it's \"quoted\" \\ back",
            ["SHELL"] = "$(touch /tmp/x) `y` $HOME ; & | > %i",
            ["EQUALS"] = "a=b=c",
            ["BLANKS"] = "  tab\there  ",
            ["UNICODE"] = "grüße 🚀",
        };
        var spec = DeploySpec.Default with
        {
            Env = DeploySpec.Default.Env.AddRange(values),
            Port = 3000,
            Volumes = [new Volume(folder.FullName, "/host", ReadOnly: true), new Volume(volume, "/data", ReadOnly: false)],
            Command = ["/bin/serve", "an argument", "\"and another\" $X"],
            Memory = new MemorySize(32 << 20),
            Cpus = 0.25m,
        };

        var unit = await fleet.LaunchAsync(SampleImage.Good, spec);

        var state = await fleet.WaitForStateAsync(unit, "active/running");
        using var http = new HttpClient();
        var seen = await http.GetStringAsync(new Uri($"http://{state.Endpoint}/env"));
        seen.Split('\n').Should().Contain(values.Select(value => $"{value.Key}={value.Value}"));
        var container = await fleet.InspectAsync();
        container.Config!.Cmd.Should().Equal(spec.Command);
        container.HostConfig!.Memory.Should().Be(32 << 20);
        container.HostConfig.NanoCPUs.Should().Be(250_000_000);
        container.HostConfig.RestartPolicy!.Name.Should().Be(RestartPolicyKind.UnlessStopped);
        container.Mounts!.Select(mount => (mount.Name ?? mount.Source, mount.Destination, mount.RW))
            .Should().BeEquivalentTo([(folder.FullName, "/host", false), (volume, "/data", true)]);
        container.NetworkSettings!.Ports!["3000/tcp"]!.Should().OnlyContain(binding => binding.HostIP == "127.0.0.1");
        container.Name.Should().Be($"/{fleet.Service}-v1-2015.03.02-00.31.45-1");

        await fleet.Client.DestroyUnitAsync(unit, default);
        await fleet.Engine.Client.Volumes.RemoveAsync(volume, force: true);
        folder.Delete();
    }

    [Test]
    public async Task Launch_WhenEveryAddressPublishes_GivesOneToConnectTo()
    {
        await using var fleet = new DockerFleet(new DockerOptions(new Uri(TestEngine.Endpoint)) { Publish = IPAddress.Any });

        var unit = await fleet.LaunchAsync(SampleImage.Good);

        (await fleet.WaitForStateAsync(unit, "active/running")).Endpoint.Should().StartWith("127.0.0.1:");
    }

    [Test]
    public async Task Launch_WhenThereAreTooFewCpus_FailsWithTheEnginesMessage()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchAsync(SampleImage.Good, DeploySpec.Default with { Cpus = 4000 });

        (await fleet.WaitForStateAsync(unit, "failed/failed")).Detail.Should().StartWith("Range of CPUs is from 0.01 to");
    }

    [Test]
    public async Task Launch_WhenTheCommandDoesNotExist_FailsWithTheEnginesMessageAcrossARestart()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchAsync(SampleImage.Good, DeploySpec.Default with { Command = ["/bin/nothing"] });

        (await fleet.WaitForStateAsync(unit, "failed/failed")).Detail.Should().Contain("/bin/nothing");
        fleet.Restart();
        (await fleet.FindStateAsync(unit))!.Words.Should().Be("failed/failed");
        (await fleet.FindStateAsync(unit))!.Detail.Should().Contain("/bin/nothing");
    }

    [Test]
    public async Task Launch_WhenTheNameBelongsToSomebodyElse_FailsWithTheEnginesMessage()
    {
        await using var fleet = new DockerFleet();
        var definition = fleet.Unit(await SampleImages.GetAsync(SampleImage.Good));
        await fleet.Engine.RunAsync(new CreateContainerParameters { Image = definition.Intention.Image, Name = ContainerName.Of(definition.Name) });

        await fleet.Client.LaunchUnitAsync(definition, default);

        (await fleet.WaitForStateAsync(definition.Name, "failed/failed")).Detail.Should().Contain("already in use");
    }

    [Test]
    public async Task Lists_WhenContainersAreSomebodyElses_LeaveThemOut()
    {
        await using var fleet = new DockerFleet();
        var definition = fleet.Unit(await SampleImages.GetAsync(SampleImage.Good));
        Task<string> RunAsync(Dictionary<string, string> labels) => fleet.Engine.RunAsync(
            new CreateContainerParameters { Image = definition.Intention.Image, Labels = labels });
        await RunAsync([]);
        await RunAsync(new() { ["deployster.unit"] = "a:b:c.service" });
        await RunAsync(new() { ["deployster.unit"] = "" });
        await RunAsync(new()
        {
            ["deployster.unit"] = definition.Name.ToString(),
            ["deployster.option.000"] = "Image=no json",
            ["deployster.option.x"] = "without a value",
        });

        var units = (await fleet.Client.ListUnitsAsync(default)).Where(unit => unit.Name == definition.Name);
        var states = (await fleet.Client.ListUnitStatesAsync(default)).Where(state => state.Name == definition.Name);

        units.Should().ContainSingle().Which.Intention.Should().BeNull();
        states.Should().ContainSingle().Which.Words.Should().Be("activating/start-post");
    }
}
