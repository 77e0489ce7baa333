using System.Text.RegularExpressions;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Clients;

/// <summary>Clients are generated from the document, compiled and run by the commands that their README prints.</summary>
[TestFixture("C#", "NSwag")]
[TestFixture("TypeScript", "openapi-typescript")]
public sealed class ClientTests(string language, string generator)
{
    private readonly TestEngine _engine = new();
    private DeploysterProcess _deployster = null!;
    private string _service = null!;
    private string _run = null!;
    private string _built = null!;

    [OneTimeSetUp]
    public async Task BuildAsync()
    {
        _deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}");
        _service = _engine.NewService("hello");
        await _engine.BuildAsync(SampleImage.Good, _service, "v0");
        await _engine.BuildAsync(SampleImage.Good, _service, "v1");

        var readme = await File.ReadAllTextAsync(ProjectFolder.Doc("clients", "README.md"));
        var commands = Regex.Match(readme, $"## {Regex.Escape(language)}\n.*?```sh\n(.*?)\n```", RegexOptions.Singleline).Groups[1].Value.Split('\n');
        _run = commands[^1];

        // Touched, so that the client is generated anew. No server of the build's may outlive it with its output open.
        _built = await Shell.RunAsync(
            $"""
            set -euo pipefail; exec 2>&1
            export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false npm_config_loglevel=error npm_config_prefer_offline=true
            touch docs/openapi.json
            {string.Join('\n', commands[..^1])}
            """);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _deployster.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Test]
    public void Client_WhenGeneratedAndCompiled_GivesNoWarning() =>
        _built.Replace("0 Warning(s)", "", StringComparison.Ordinal).Should().Contain(generator).And.NotMatchRegex("(?i)warn");

    [TestCase("echo migrated", "migrated", 0)]
    [TestCase("echo broken; exit 3", "broken", 3)]
    public async Task Sample_WhenAVersionRuns_TakesItsPlaceRunsATaskAndDestroys(string task, string output, int exitCode)
    {
        await _deployster.Api.DeployAsync(_service, new { Version = "v0", InstanceCount = 2 });
        await _deployster.Api.WaitForEndAsync(_service, "v0");

        var printed = await Shell.RunAsync(
            $"""
            export DEPLOYSTER_PASSWORD={DeploysterProcess.Password}
            URL={_deployster.Address} SERVICE={_service} TASK='sh -c "{task}"'
            {_run}
            echo "ended with $?"
            """);

        printed.Should().ContainEquivalentOf("healthy: All 2 units are healthy.\n");
        printed.Should().ContainEquivalentOf("succeeded: All 2 units are healthy. The 2 units that it replaces are gone.\nstatus succeeded\n");
        printed.Should().EndWith($"{output}\n\nExited ({exitCode})\nexit code {exitCode}\ndestroyed\nended with {exitCode}\n");
        (await _engine.ContainersOfAsync(_service)).Should().BeEmpty();
    }
}
