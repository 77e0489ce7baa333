using System.Text.RegularExpressions;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Releases;

/// <summary>An application of web processes, workers and a release command, by the commands that the operations guide prints.</summary>
public sealed partial class ApplicationTests
{
    private const string Prefix = $"{TestEngine.Prefix}/application";

    [Test]
    public async Task Commands_OfTheOperationsGuide_DeployRollFailAndGoBack()
    {
        await using var engine = new TestEngine();
        foreach (var (version, image) in new[] { ("7bdae1c", SampleImage.Good), ("8c1f2e0", SampleImage.Good), ("9d2a3f1", SampleImage.CannotMigrate) })
        {
            await engine.BuildAsync(image, "railsapp", version, Prefix);
        }

        await using var deployster = await DeploysterProcess.StartAsync("-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={Prefix}");
        try
        {
            var answers = new List<string>();
            foreach (var command in await ReadCommandsAsync())
            {
                answers.Add(await Shell.RunAsync(
                    $"API={deployster.Address.GetLeftPart(UriPartial.Authority)} AUTH=deployster:{DeploysterProcess.Password}\n{command}"));
            }

            answers[0].Should().Contain("migrating to version 7bdae1c").And.MatchRegex("Deployed[^\n]*\n$");
            answers[1].Should().MatchRegex("Deployed[^\n]*\n$").And.NotContain("migrating");
            answers[2].Should().Contain("migrating to version 8c1f2e0").And.Subject.Split('\n').Count(line => line.StartsWith("Deployed", StringComparison.Ordinal)).Should().Be(2);
            answers[3].Should().MatchRegex("(?s)Failed.*Exited \\(1\\)");
            foreach (var service in (string[])["railsapp", "railsapp-worker"])
            {
                var back = await deployster.Api.WaitForEndAsync(service, "7bdae1c");
                back.GetProperty("status").GetString().Should().Be("succeeded");
                back.GetProperty("image").GetString().Should().Be($"{Prefix}/railsapp:7bdae1c");
                (await UnitsAsync(deployster, service)).Should().OnlyContain(version => version == "7bdae1c");
            }

            var releases = (await deployster.Api.GetAsync("/v1/services/railsapp/tasks")).GetProperty("tasks").EnumerateArray();
            releases.Select(task => task.GetProperty("exit_code").GetInt32()).Should().Equal(1, 0, 0);
            answers.Should().NotContain(answer => answer.Contains("correct horse"));
        }
        finally
        {
            foreach (var service in (string[])["railsapp", "railsapp-worker"])
            {
                await deployster.Api.Http.DeleteAsync($"/v1/services/{service}/deploys/7bdae1c");
            }
        }
    }

    private static async Task<IReadOnlyList<string>> ReadCommandsAsync()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(ProjectFolder.Root, "docs/operations.md"));
        var chapter = guide.Split("\n## ").Single(text => text.StartsWith("Web, workers and a release command\n", StringComparison.Ordinal));
        return [.. Block().Matches(chapter).Select(match => match.Groups[1].Value)];
    }

    private static async Task<IEnumerable<string?>> UnitsAsync(DeploysterProcess deployster, string service) =>
        (await deployster.Api.GetAsync($"/v1/services/{service}/units")).GetProperty("units").EnumerateArray()
            .Select(unit => unit.GetProperty("version").GetString())
            .ToList();

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
