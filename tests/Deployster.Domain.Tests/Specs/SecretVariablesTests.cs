using System.Collections.Immutable;
using System.Text.Json;
using Deployster.Domain.Specs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class SecretVariablesTests
{
    private static readonly DeploySpec s_running = DeploySpec.Default with
    {
        Env = DeploySpec.Default.Env.Add("HOST", "db"),
        SecretEnv = SecretVariables.None.Add("PASSWORD", new Secret("hunter2")).Add("TOKEN", new Secret("t0ken")),
    };

    [Test]
    public void ApplyTo_WhenARequestGivesSecrets_MergesThemByNameAndNullRemovesOne()
    {
        var spec = Changes("""{"secret_env":{"PASSWORD":"new","TOKEN":null,"KEY":"-----BEGIN\n"}}""").ApplyTo(s_running);

        spec.AllEnv.Should().Equal(new Dictionary<string, string> { ["HOST"] = "db", ["KEY"] = "-----BEGIN\n", ["PASSWORD"] = "new" });
    }

    [Test]
    public void ApplyTo_WhenARequestGivesNone_KeepsThoseThatRun() =>
        Changes("""{"secret_env":{}}""").ApplyTo(s_running).SecretEnv.Should().Equal(s_running.SecretEnv);

    [Test]
    public void Tell_OfSecrets_GivesNamesAndNoValue()
    {
        SpecFields.Tell(s_running)["secret_env"]!.ToJsonString().Should().Be("""["PASSWORD","TOKEN"]""");
        SpecFields.Tell(s_running).ToJsonString().Should().NotContain("hunter2").And.NotContain("t0ken");
        s_running.SecretEnv["TOKEN"].ToString().Should().NotContain("t0ken");
    }

    [Test]
    public void TellNames_Always_HasNoValueOfAnyVariable() =>
        SpecFields.TellNames(s_running)["env"]!.ToJsonString().Should().Be("""{"HOST":null}""");

    [Test]
    public void WithSecretsOf_WhenOnlyNamesAreKnown_TakesTheValuesOfOthersAndTellsWhatIsMissing()
    {
        var known = s_running.WithoutSecrets() with { SecretEnv = s_running.WithoutSecrets().SecretEnv.Add("NEW", Secret.Unknown) };

        var whole = known.WithSecretsOf(DeploySpec.Default, s_running);

        whole.SecretEnv["PASSWORD"].Value.Should().Be("hunter2");
        whole.FindMissingSecrets().Should().Equal("NEW");
    }

    [TestCase("""{"secret_env":{"PASSWORD=hunter2":"x"}}""")]
    [TestCase("""{"secret_env":{"PASSWORD":"hunter2\u0000"}}""")]
    [TestCase("""{"secret_env":{"PASSWORD":["hunter2"]}}""")]
    [TestCase("""{"secret_env":"PASSWORD=hunter2"}""")]
    public void FindErrors_OfSecrets_RepeatsNoValue(string request)
    {
        var errors = Changes(request).FindErrors();

        errors.Should().NotBeEmpty();
        string.Join(' ', errors).Should().Contain("secret_env").And.NotContain("hunter2");
    }

    private static SpecChanges Changes(string json) => new(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!);
}
