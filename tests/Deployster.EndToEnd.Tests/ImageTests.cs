using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests;

/// <summary>Deployster's own image, on a base that needs no registry, deploys through the engine's socket.</summary>
public sealed class ImageTests
{
    private const string Image = "deployster-test/deployster:image";

    [Test]
    public async Task Image_WithTheEnginesSocketMounted_Deploys()
    {
        await using var engine = new TestEngine();
        var service = engine.NewService();
        await engine.BuildAsync(SampleImage.Good, service, "v1");
        await Shell.RunAsync($"docker/base && BASE=deployster/base:local docker/build {Image}");
        var socket = new Uri(TestEngine.Endpoint).LocalPath;
        var (port, gateway) = (FreePort.Find(), FreePort.Find());
        var container = (await Shell.RunAsync(
            $"docker run -d -p 127.0.0.1:{port}:3000 -p 127.0.0.1:{gateway}:8080 --read-only --tmpfs /tmp --cap-drop ALL --group-add $(stat -c %g {socket}) "
            + $"-v {socket}:/var/run/docker.sock -e DEPLOYSTER_PASSWORD={DeploysterProcess.Password} {Image} "
            + $"-fleet=docker -scope={service} -network=deployster-test -registry-url={TestEngine.Prefix}")).Trim();
        try
        {
            using var api = new DeploysterClient(new Uri($"http://127.0.0.1:{port}"), "deployster", DeploysterProcess.Password);
            await WaitFor.TrueAsync(() => api.AnswersAsync("/readyz"), "Deployster in its container");

            await api.DeployAsync(service, new { Version = "v1" });
            var deploy = await api.WaitForEndAsync(service, "v1");

            deploy.GetProperty("status").GetString().Should().Be("succeeded");
            using var client = new HttpClient { DefaultRequestHeaders = { Host = $"{service}.localhost" } };
            (await client.GetStringAsync($"http://127.0.0.1:{gateway}/")).Should().StartWith("version v1 ", "it has joined the network of its units");
            (await Shell.RunAsync($"docker exec {container} id -u")).Trim().Should().Be("1654", "it is not root");
        }
        finally
        {
            await Shell.RunAsync($"docker rm -fv {container}; docker rmi -f {Image}");
        }
    }
}
