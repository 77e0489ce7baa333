using System.Net;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Units;
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
    public async Task Apply_WhenDeploysterIsStartedAgain_KeepsTheUnitAndItsIntention()
    {
        await using var scene = new DockerScene();
        var intention = await DockerScene.IntentionOfAsync(
            SampleImage.Good,
            DeploySpec.Default with
            {
                Env = DeploySpec.Default.Env.Add("A", " \"x\" = 'y' \\ \t$HOME %h ü🚀").Add("B", ""),
                HealthCheck = new HealthCheck("/health?a=1&b=%20"),
                MinHealthy = TimeSpan.FromSeconds(2.5),
            });
        await scene.ApplyAsync(1, 1, intention);
        var before = await scene.WaitForAsync(Phase.Running);

        await scene.RestartAsync();

        var unit = await scene.FindAsync();
        unit!.Intention.Should().Be(intention with { ImageId = unit.ImageId });
        (unit.Run, unit.Endpoint, unit.Wanted, unit.Phase).Should().Be((before.Run, before.Endpoint, Wanted.Running, Phase.Running));
    }

    [Test]
    public async Task Apply_WhenASpecSaysHowItRuns_ReachesTheContainer()
    {
        await using var scene = new DockerScene();
        var volume = $"{scene.Service}-data";
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
            Volumes = [new Volume(folder.FullName, "/host", "ro"), new Volume(volume, "/data")],
            Command = ["/bin/serve", "an argument", "\"and another\" $X"],
            Memory = new MemorySize(32 << 20),
            Cpus = 0.25m,
        };

        var unit = await scene.LaunchAsync(SampleImage.Good, spec);

        var endpoint = (await scene.WaitForAsync(Phase.Running)).Endpoint;
        using var http = new HttpClient();
        var seen = await WaitFor.ValueAsync(() => GetAsync(http, $"http://{endpoint}/env"), text => text is not null, "it answers");
        seen!.Split('\n').Should().Contain(values.Select(value => $"{value.Key}={value.Value}"));
        var container = await scene.InspectAsync();
        container.Config!.Cmd.Should().Equal(spec.Command);
        container.HostConfig!.Memory.Should().Be(32 << 20);
        container.HostConfig.NanoCPUs.Should().Be(250_000_000);
        container.HostConfig.RestartPolicy!.Name.Should().Be(RestartPolicyKind.Always);
        container.Mounts!.Select(mount => (mount.Name ?? mount.Source, mount.Destination, mount.RW))
            .Should().BeEquivalentTo([(folder.FullName, "/host", false), (volume, "/data", true)]);
        container.HostConfig.PortBindings.Should().BeNullOrEmpty("it is reached at its own address");
        container.Name.Should().Be($"/{scene.Service}-v1-2015.03.02-00.31.45-1");

        await scene.DestroyAsync(unit);
        await scene.Engine.Client.Volumes.RemoveAsync(volume, force: true);
        folder.Delete();
    }

    [Test]
    public async Task Apply_WhenVariablesAndTheCommandAreOdd_HandsThemOnAndReadsThemBack()
    {
        const string Key = "-----BEGIN KEY-----\nMIIE\r\n\t\u0001\n-----END KEY-----\n";
        await using var scene = new DockerScene();
        var spec = DeploySpec.Default with
        {
            Env = DeploySpec.Default.Env.Add("KEY", Key).Add("discovery.type", "single-node").Add("A-B c", ""),
            Command = ["/bin/sh", "-c", "echo one\necho two; printenv KEY\nsleep 600"],
        };

        await scene.LaunchAsync(SampleImage.Good, spec);

        (await scene.WaitForAsync(Phase.Running)).Intention!.Spec.Should().Be(spec);
        var container = await scene.InspectAsync();
        container.Config!.Env.Should().Contain([$"KEY={Key}", "discovery.type=single-node", "A-B c="]);
        container.Config.Cmd.Should().Equal(spec.Command);
    }

    [Test]
    public async Task Destroy_WhenTheSpecSaysHowToStop_SendsItsSignalAndWaitsAsLong()
    {
        await using var scene = new DockerScene();
        var folder = Directory.CreateTempSubdirectory("deployster-volume-");
        var spec = DeploySpec.Default with
        {
            Volumes = [new Volume(folder.FullName, "/host", "z")],
            StopSignal = new StopSignal("SIGQUIT"),
            StopTimeout = TimeSpan.FromSeconds(60),
        };
        var unit = await scene.LaunchScriptAsync(
            "trap '' TERM; trap 'sleep 12; echo ended by itself >/host/end; exit' QUIT; touch /host/ready; while true; do sleep 0.1; done", spec);
        await WaitFor.TrueAsync(() => Task.FromResult(File.Exists($"{folder.FullName}/ready")), "it runs");

        await scene.DestroyAsync(unit);

        (await File.ReadAllTextAsync($"{folder.FullName}/end")).Should().Be("ended by itself\n");
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task Apply_WhenEveryAddressPublishes_GivesOneToConnectTo()
    {
        await using var scene = new DockerScene(new DockerOptions(new Uri(TestEngine.Endpoint)) { Publish = IPAddress.Any });

        await scene.LaunchAsync(SampleImage.Good);

        (await scene.WaitForAsync(Phase.Running)).Endpoint.Should().StartWith("127.0.0.1:");
    }

    [Test]
    public async Task Apply_WhenThereAreTooFewCpus_FailsWithTheEnginesMessage()
    {
        await using var scene = new DockerScene();

        await scene.LaunchAsync(SampleImage.Good, DeploySpec.Default with { Cpus = 4000 });

        (await scene.WaitForAsync(Phase.Failed)).Detail.Should().StartWith("Range of CPUs is from 0.01 to");
    }

    [Test]
    public async Task Apply_WhenTheCommandDoesNotExist_FailsWithTheEnginesMessageAcrossARestart()
    {
        await using var scene = new DockerScene();

        await scene.LaunchAsync(SampleImage.Good, DeploySpec.Default with { Command = ["/bin/nothing"] });

        (await scene.WaitForAsync(Phase.Failed)).Detail.Should().Contain("/bin/nothing");
        await scene.RestartAsync();
        var unit = await scene.FindAsync();
        unit!.Phase.Should().Be(Phase.Failed);
        unit.Wanted.Should().Be(Wanted.Running);
        unit.Detail.Should().Contain("/bin/nothing");
    }

    [Test]
    public async Task Apply_WhenTheNameBelongsToSomebodyElse_FailsWithTheEnginesMessage()
    {
        await using var scene = new DockerScene();
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);
        await scene.Engine.RunAsync(new CreateContainerParameters { Image = intention.Image, Name = ContainerName.Of(scene.Unit(), EngineScope.None) });

        await scene.ApplyAsync(1, 1, intention);

        (await scene.WaitForAsync(Phase.Failed)).Detail.Should().Contain("already in use");
    }

    [Test]
    public async Task Apply_WhenAUnitIsStopped_ShowsItStoppedWhateverItsExitCode()
    {
        await using var scene = new DockerScene();
        await scene.LaunchScriptAsync("trap 'exit 7' TERM; while true; do sleep 1 & wait $!; done");
        await scene.WaitForAsync(Phase.Running);

        await scene.ApplyAsync(1, 0, null);

        var unit = await scene.WaitForAsync(unit => unit is { Phase: Phase.Stopped, ExitCode: 7 }, "stopped");
        unit.Wanted.Should().Be(Wanted.Stopped);
    }

    [Test]
    public async Task Apply_WhenAUnitDoesNotListenToItsStop_ShowsItStoppingMeanwhile()
    {
        await using var scene = new DockerScene();
        await scene.LaunchAsync(SampleImage.IgnoresSigterm);
        await scene.WaitForAsync(Phase.Running);

        await scene.ApplyAsync(1, 0, null);
        var meanwhile = await scene.FindAsync();
        await scene.ApplyAsync(1, 1, null);

        (meanwhile!.Wanted, meanwhile.Phase).Should().Be((Wanted.Stopped, Phase.Stopping));
        await scene.WaitForAsync(Phase.Running);
    }

    [Test]
    public async Task Read_WhenTheLabelsOfAUnitCannotBeRead_HasItWithoutIntention()
    {
        await using var scene = new DockerScene();
        await scene.Engine.RunAsync(new CreateContainerParameters
        {
            Image = await SampleImages.GetAsync(SampleImage.Good),
            Labels = new Dictionary<string, string>
            {
                ["deployster.unit"] = scene.Unit().ToString(),
                ["deployster.option.000"] = "Image=no json",
                ["deployster.option.x"] = "without a value",
            },
        });

        var unit = await scene.FindAsync();

        unit!.Intention.Should().BeNull();
        unit.Wanted.Should().Be(Wanted.Running);
    }

    private static async Task<string?> GetAsync(HttpClient http, string address)
    {
        try
        {
            return await http.GetStringAsync(new Uri(address));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
