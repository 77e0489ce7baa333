using System.Net;
using Deployster.Testing;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Gateway;

public sealed class StandaloneGatewayTests
{
    [Test]
    public async Task Gateway_WhenItIsStartedWhileTheApiIsAway_ServesByTheLastRoutes()
    {
        await using var engine = new TestEngine();
        var service = engine.NewService();
        await engine.BuildAsync(SampleImage.Good, service, "v1");
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}");
        await using var gateway = await GatewayProcess.StartAsync(new IPEndPoint(IPAddress.Loopback, FreePort.Find()), deployster.Address);
        await deployster.Api.DeployAsync(service, new { Version = "v1", Hosts = new[] { $"{service}.example.com" } });
        await deployster.Api.WaitForEndAsync(service, "v1");
        await AnswersAsync(gateway.Listen, $"{service}.localhost");
        await WaitFor.TrueAsync(() => gateway.KeptRoutes.Contains("serving", StringComparison.Ordinal), "the routes are kept");

        await deployster.KillAsync();
        await gateway.KillAsync();
        await gateway.StartAgainAsync();

        await AnswersAsync(gateway.Listen, $"{service}.example.com");
    }

    private static async Task AnswersAsync(IPEndPoint gateway, string host)
    {
        using var client = new HttpClient { DefaultRequestHeaders = { Host = host } };
        await WaitFor.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync($"http://{gateway}/");
                return answer.IsSuccessStatusCode;
            },
            $"{host} answers");
    }
}
