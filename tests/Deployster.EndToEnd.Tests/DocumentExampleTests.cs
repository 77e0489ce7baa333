using Deployster.Testing;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests;

/// <summary>What the documents tell one to copy and paste, after <c>./quickstart</c>, runs as printed.</summary>
[NonParallelizable]
public sealed class DocumentExampleTests
{
    [TestCase("README.md")]
    [TestCase("docs/api.md")]
    public async Task Examples_WhenRunInTheirOrder_AnswerAsPrinted(string document)
    {
        await Shell.RunAsync("docker/sample/build v1 v2");
        await RemoveUnitsAsync();
        var gateway = $"127.0.0.1:{FreePort.Find()}";
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", "-docker-hub-username=deployster", "-scope=", $"-gateway-listen={gateway}");
        await deployster.Api.DeployAsync("hello", new { Version = "v2", InstanceCount = 2 });
        await deployster.Api.WaitForEndAsync("hello", "v2");

        try
        {
            await PrintedExamples.CheckAsync(
                Path.Combine(ProjectFolder.Root, document),
                $"""
                API={deployster.Address.GetLeftPart(UriPartial.Authority)}
                GATEWAY={gateway.Replace("127.0.0.1", "hello.localhost", StringComparison.Ordinal)}
                AUTH=deployster:{DeploysterProcess.Password}
                """);
        }
        finally
        {
            await RemoveUnitsAsync();
        }
    }

    private static Task<string> RemoveUnitsAsync() => Shell.RunAsync(
        """
        for service in hello shop; do docker ps -aq --filter label=deployster.service=$service; done | xargs -r docker rm -f
        """);
}
