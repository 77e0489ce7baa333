using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Deployster.Application.Fleet;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

public sealed class EngineTroubleTests
{
    private DirectoryInfo _folder = null!;

    private string Socket => Path.Combine(_folder.FullName, "docker.sock");

    private DockerOptions Options => new(new Uri($"unix://{Socket}")) { AnswerLimit = TimeSpan.FromSeconds(2) };

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("deployster-engine-");

    [TearDown]
    public void TearDown() => _folder.Delete(recursive: true);

    [Test]
    public async Task Read_WhenTheEngineIsAway_SaysWhereAndWhat()
    {
        await using var services = DockerScene.Connect(Options);

        await services.GetRequiredService<IFleetClient>().Invoking(port => port.ReadAsync(default))
            .Should().ThrowAsync<FleetUnavailableException>()
            .WithMessage($"unix://{Socket} does not answer: No such file or directory*");
    }

    [Test]
    public async Task Read_WhenNobodyListensOnTcp_SaysWhereAndWhat()
    {
        var address = $"tcp://127.0.0.1:{FreePort.Find()}";
        await using var services = DockerScene.Connect(new DockerOptions(new Uri(address)));

        var list = () => services.GetRequiredService<IFleetClient>().ReadAsync(default);

        (await list.Should().ThrowAsync<FleetUnavailableException>()).WithMessage($"{address} does not answer: Connection refused*");
    }

    [Test]
    public async Task Read_WhenTheEngineIsDumb_DoesNotWaitForEver()
    {
        using var dumb = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        dumb.Bind(new UnixDomainSocketEndPoint(Socket));
        dumb.Listen();
        await using var services = DockerScene.Connect(Options);
        var clock = Stopwatch.StartNew();

        var list = () => services.GetRequiredService<IFleetClient>().ReadAsync(default);

        (await list.Should().ThrowAsync<FleetUnavailableException>()).WithMessage("* does not answer: no answer within 2 s");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(6));
    }

    [TestCase("<html>no engine</html>")]
    [TestCase("[{\"Id\":\"4f0c")]
    [TestCase("{}")]
    public async Task Read_WhenItIsNotAnsweredAsAnEngineDoes_SaysSo(string body)
    {
        await using var proxy = new EngineProxy
        {
            Answer = request => request.Contains("/containers/json", StringComparison.Ordinal) ? (200, body) : null,
        };
        await using var services = DockerScene.Connect(new DockerOptions(proxy.Uri));

        var read = () => services.GetRequiredService<IFleetClient>().ReadAsync(default);

        (await read.Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage($"{proxy.Uri.OriginalString} does not answer: it answered, but not as an engine does");
    }

    [Test]
    public async Task Read_WhenTheEngineIsStartedAgain_WorksAgain()
    {
        await using var services = DockerScene.Connect(Options);
        var fleet = services.GetRequiredService<IFleetClient>();
        var list = () => fleet.ReadAsync(default);
        await using (new EngineProxy(new UnixDomainSocketEndPoint(Socket)))
        {
            await list();
            await list();
        }

        await list.Should().ThrowAsync<FleetUnavailableException>();
        await using var again = new EngineProxy(new UnixDomainSocketEndPoint(Socket));

        await list();
    }

    [TestCase("tcp")]
    [TestCase("http")]
    public async Task ListMachines_WhenTheEngineListensOnTcp_NamesIt(string scheme)
    {
        await using var proxy = new EngineProxy(new IPEndPoint(IPAddress.Loopback, 0));
        await using var services = DockerScene.Connect(new DockerOptions(new Uri($"{scheme}://{proxy.Address}")));
        await using var tests = new TestEngine();

        var machines = await services.GetRequiredService<IFleetClient>().ListMachinesAsync(default);

        machines.Should().Equal(new Machine((await tests.Client.System.GetSystemInfoAsync()).Name!, null));
    }

    [Test]
    public async Task Read_WhenItIsCancelled_IsNotTheEnginesFault()
    {
        await using var services = DockerScene.Connect(new DockerOptions(new Uri(TestEngine.Endpoint)));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var list = () => services.GetRequiredService<IFleetClient>().ReadAsync(cancelled.Token);

        await list.Should().ThrowAsync<OperationCanceledException>();
    }
}
