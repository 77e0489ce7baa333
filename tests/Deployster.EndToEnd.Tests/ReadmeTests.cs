using System.Text.RegularExpressions;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests;

/// <summary>The README's examples run as printed and answer as printed, but for times, ports and ids.</summary>
public sealed partial class ReadmeTests
{
    [Test]
    public async Task Examples_WhenRunInTheirOrder_AnswerAsPrinted()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(ProjectFolder.Root, "README.md"));
        var examples = Examples().Match(readme).Groups[1].Value;
        await Shell.RunAsync("docker/sample/build v1 v2");
        await RemoveUnitsAsync();
        var gateway = $"127.0.0.1:{FreePort.Find()}";
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", "-docker-hub-username=deployster", $"-gateway-listen={gateway}");
        await deployster.Api.DeployAsync("hello", new { Version = "v2", InstanceCount = 2 });
        await deployster.Api.WaitForEndAsync("hello", "v2");

        try
        {
            var variables = $"API={deployster.Address.GetLeftPart(UriPartial.Authority)}; GATEWAY={gateway.Replace("127.0.0.1", "hello.localhost", StringComparison.Ordinal)}; AUTH=deployster:{DeploysterProcess.Password}";
            foreach (Match example in Example().Matches(examples))
            {
                var printed = await Shell.RunAsync($"set -euo pipefail; {variables}\n{example.Groups["script"].Value}");

                Masked(printed).Should().Be(Masked(example.Groups["output"].Value), "of {0}", example.Groups["script"].Value);
                await WaitForRolloutAsync(deployster);
            }
        }
        finally
        {
            await RemoveUnitsAsync();
        }
    }

    private static Task WaitForRolloutAsync(DeploysterProcess deployster) =>
        WaitFor.TrueAsync(
            async () => !(await deployster.Api.GetAsync("/v1/services")).ToString().Contains("\"rollout\":{", StringComparison.Ordinal),
            "the end of the rollout");

    private static Task<string> RemoveUnitsAsync() =>
        Shell.RunAsync("docker ps -aq --filter label=deployster.service=hello | xargs -r docker rm -f");

    private static string Masked(string text)
    {
        var masked = Timestamp().Replace(text.Trim(), "TIMESTAMP");
        masked = Time().Replace(masked, "TIME");
        masked = HostName().Replace(masked, "HOST");

        // What is seen on the way to running depends on the machine.
        return Passing().Replace(masked, "");
    }

    [GeneratedRegex("<!-- examples -->(.*)<!-- /examples -->", RegexOptions.Singleline)]
    private static partial Regex Examples();

    [GeneratedRegex(@"```sh\n(?<script>((?!```).)*)```\n```(json|text)\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\d{4}\.\d{2}\.\d{2}-\d{2}\.\d{2}\.\d{2}")]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"\d{2}:\d{2}:\d{2}")]
    private static partial Regex Time();

    [GeneratedRegex("[0-9a-f]{12}")]
    private static partial Regex HostName();

    [GeneratedRegex(@"TIME (Launching .*|\S+ is (activating|inactive)/.*)\n")]
    private static partial Regex Passing();
}
