using System.Collections.Immutable;
using System.Text.Json;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class SpecChangesTests
{
    private static readonly DeploySpec s_running = new()
    {
        InstanceCount = 3,
        Env = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("DATABASE_URL", "postgres://db")]),
        Port = 8080,
        Hosts = [HostName.Parse("www.example.com")],
        Volumes = [new Volume("/srv", "/data", "ro")],
        Command = ["serve", "--fast"],
        Memory = new MemorySize(512L << 20),
        Cpus = 1.5m,
        HealthCheck = new HealthCheck("/health"),
        MinHealthy = TimeSpan.FromSeconds(5),
        Deadline = TimeSpan.FromSeconds(60),
        StopTimeout = TimeSpan.FromSeconds(90),
        StopSignal = new StopSignal("SIGQUIT"),
    };

    private static readonly SpecChanges s_allNull = new(
        SpecFields.All.ToDictionary(field => field.Name, _ => JsonSerializer.SerializeToElement<object?>(null)));

    [Test]
    public void ApplyTo_WhenAllIsLeftOut_InheritsAll() => SpecChanges.None.ApplyTo(s_running).Should().Be(s_running);

    [Test]
    public void ApplyTo_WhenAllIsNull_InheritsAll() => s_allNull.ApplyTo(s_running).Should().Be(s_running);

    [Test]
    public void FindErrors_WhenAllIsNull_FindsNone() => s_allNull.FindErrors().Should().BeEmpty();

    [Test]
    public void ApplyTo_WhenNothingIsInheritedNorGiven_GivesTheDefaults() =>
        SpecChanges.None.ApplyTo(DeploySpec.Default).Should().Be(new DeploySpec());

    [Test]
    public void ApplyTo_WhenEmptyCollectionsAreGiven_ClearsThemAndNothingElse() =>
        Changes("""{"env":{},"volumes":[],"command":[]}""").ApplyTo(s_running).Should().Be(
            s_running with { Env = DeploySpec.Default.Env, Volumes = [], Command = [] });

    [Test]
    public void ApplyTo_WhenValuesAreGiven_TakesThemWholeAndInheritsTheRest() =>
        Changes("""{"instance_count":1,"env":{"A":"1"},"health_check":{"path":"/x","interval":null,"timeout":9}}""")
            .ApplyTo(s_running with { HealthCheck = new HealthCheck("/old") { Interval = TimeSpan.FromSeconds(7) } })
            .Should().Be(s_running with
            {
                InstanceCount = 1,
                Env = DeploySpec.Default.Env.Add("A", "1"),
                HealthCheck = new HealthCheck("/x") { Timeout = TimeSpan.FromSeconds(9) },
            });

    [Test]
    public void LeftOut_WhenNothingIsGiven_NamesAllFieldsAsTheApiDoes() =>
        SpecChanges.None.LeftOut.Should().Equal(SpecFields.All.Select(field => field.Name));

    [Test]
    public void LeftOut_WhenAllIsGivenAsNull_NamesAllFields() =>
        s_allNull.LeftOut.Should().Equal(SpecFields.All.Select(field => field.Name));

    [Test]
    public void LeftOut_WhenOneIsCleared_NamesTheOthers() =>
        Changes("{}", "memory").LeftOut.Should().HaveCount(SpecFields.All.Length - 1).And.NotContain("memory");

    [Test]
    public void ApplyTo_WhenAllIsCleared_GivesTheDefaults() =>
        Changes("{}", [.. SpecFields.All.Select(field => field.Name)]).ApplyTo(s_running).Should().Be(DeploySpec.Default);

    [Test]
    public void ApplyTo_WhenAFieldIsCleared_GivesItsDefaultAndInheritsTheRest() =>
        Changes("""{"memory":null,"port":80}""", "memory", "env", "env").ApplyTo(s_running).Should().Be(
            s_running with { Memory = null, Env = DeploySpec.Default.Env, Port = 80 });

    [TestCase("memory", "clear must not hold 'memory', which the deploy sets.")]
    [TestCase("colour", "clear must hold names of fields that a deploy inherits, not 'colour'.")]
    [TestCase("version", "clear must hold names of fields that a deploy inherits, not 'version'.")]
    [TestCase(null, "clear must hold names of fields that a deploy inherits, not ''.")]
    public void FindErrors_WhenTheClearedFieldCannotBe_NamesIt(string? name, string error) =>
        Changes("""{"memory":"64m"}""", name).FindErrors().Select(found => $"{found.Field} {found.Message}").Should().Equal(error);

    [Test]
    public void FindErrors_WhenAnUnknownFieldIsNull_NamesIt() =>
        Changes("""{"memroy":null}""").FindErrors().Should().ContainSingle().Which.Field.Should().Be("memroy");

    [Test]
    public void LeftOut_WhenOneIsGiven_NamesTheOthers() =>
        Changes("""{"port":80}""").LeftOut.Should().HaveCount(SpecFields.All.Length - 1).And.NotContain("port");

    [Test]
    public void Equals_WhenTwoSpecsHoldTheSameEntries_IsTrue()
    {
        var same = s_running with { Env = s_running.Env.Remove("DATABASE_URL").Add("DATABASE_URL", "postgres://db"), Command = [.. s_running.Command] };

        same.Should().Be(s_running);
        same.GetHashCode().Should().Be(s_running.GetHashCode());
    }

    private static SpecChanges Changes(string json, params string?[] cleared) =>
        new(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!, cleared);
}
