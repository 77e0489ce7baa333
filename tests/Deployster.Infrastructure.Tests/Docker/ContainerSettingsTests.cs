using System.Text;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;
using Ulimit = Deployster.Domain.Specs.Ulimit;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>What a spec says of a container, as the engine has it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ContainerSettingsTests
{
    [Test]
    public async Task Apply_WhenTheContainerHasFurtherSettings_RunsWithThem()
    {
        await using var scene = new DockerScene();
        var network = $"{scene.Service}-back";
        await scene.Engine.Client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = network });
        var container = new Container
        {
            User = "1000:1000",
            Labels = DeploySpec.Default.Env.Add("team", "web"),
            Log = new LogDestination("json-file") { Options = DeploySpec.Default.Env.Add("max-size", "1m") },
            Networks = [network],
            ShmSize = new MemorySize(32 << 20),
            Tmpfs = [new TmpfsMount("/run", "size=1m")],
            ReadOnly = true,
            CapAdd = ["NET_ADMIN"],
            CapDrop = ["MKNOD"],
            Ulimits = Container.None.Ulimits.Add("nofile", new Ulimit(1024, 4096)),
            ExtraHosts = [new ExtraHost("db", "10.0.0.7")],
        };
        var spec = DeploySpec.Default with { Port = 0, Container = container };

        var unit = await scene.LaunchScriptAsync("touch /run/it && ! touch /it && cat /etc/hosts; sleep 600", spec);

        (await scene.WaitForAsync(Phase.Running)).Intention!.Spec.Should().Be(spec with { Command = ["/bin/sh", "-c", "touch /run/it && ! touch /it && cat /etc/hosts; sleep 600"] });
        var made = await scene.InspectAsync();
        made.Config!.User.Should().Be("1000:1000");
        made.Config.Labels.Should().Contain("team", "web");
        made.NetworkSettings!.Networks.Should().ContainKeys(network, "deployster");
        var host = made.HostConfig!;
        (host.LogConfig!.Type, host.LogConfig.Config!["max-size"], host.ShmSize, host.ReadonlyRootfs).Should().Be(("json-file", "1m", 32 << 20, true));
        host.CapAdd.Should().ContainMatch("*NET_ADMIN");
        host.CapDrop.Should().ContainMatch("*MKNOD");
        host.Ulimits!.Select(limit => (limit.Name, limit.Soft, limit.Hard)).Should().Equal(("nofile", 1024, 4096));
        await WaitFor.TrueAsync(async () => (await LogAsync(scene)).Contains("10.0.0.7\tdb", StringComparison.Ordinal), "its hosts file is shown");

        await scene.DestroyAsync(unit);
        await scene.Engine.Client.Networks.DeleteNetworkAsync(network);
    }

    [Test]
    public async Task Apply_WhenANetworkDoesNotExist_IsRefusedWithItsName()
    {
        await using var scene = new DockerScene();

        await scene.LaunchAsync(SampleImage.Good, DeploySpec.Default with { Container = new Container { Networks = ["nowhere-to-be-found"] } });

        (await scene.WaitForAsync(Phase.Failed)).Detail.Should().Contain("nowhere-to-be-found");
    }

    [Test]
    public async Task Apply_WhenALineMeetsAnEntrypointThatIsAShell_HandsItOverWhole()
    {
        await using var scene = new DockerScene();
        const string Line = "echo \"$0 and $((1 + 1))\"; exec sleep 600";
        ShellWords.TrySplit(Line, out var words, out _).Should().BeTrue();

        await scene.LaunchAsync(SampleImage.WithShell, DeploySpec.Default with { Command = words, CommandLine = Line });

        await scene.WaitForAsync(Phase.Running);
        (await scene.InspectAsync()).Config!.Cmd.Should().Equal(Line);
        await WaitFor.TrueAsync(async () => (await LogAsync(scene)).Contains("and 2", StringComparison.Ordinal), "the shell has read the line");
    }

    [Test]
    public async Task Apply_WhenALineMeetsAnotherImage_HandsItOverInWords()
    {
        await using var scene = new DockerScene();

        await scene.LaunchAsync(SampleImage.Good, DeploySpec.Default with { Command = ["/bin/sleep", "600"], CommandLine = "/bin/sleep 600" });

        await scene.WaitForAsync(Phase.Running);
        (await scene.InspectAsync()).Config!.Cmd.Should().Equal("/bin/sleep", "600");
    }

    private static async Task<string> LogAsync(DockerScene scene)
    {
        using var log = await scene.Port.OpenLogAsync(scene.Unit(), null, follow: false, default);
        var text = new StringBuilder();
        var buffer = new byte[1000];
        while (await log.ReadAsync(buffer, default) is var (_, count))
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
