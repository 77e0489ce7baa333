using System.Collections.Immutable;
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
        Volumes = [new Volume("/srv", "/data", true)],
        Command = ["serve", "--fast"],
        Memory = new MemorySize(512L << 20),
        Cpus = 1.5m,
        HealthCheck = new HealthCheck("/health"),
        MinHealthy = TimeSpan.FromSeconds(5),
        Deadline = TimeSpan.FromSeconds(60),
    };

    private static readonly SpecChanges s_allNull = new()
    {
        InstanceCount = new Optional<int?>(null),
        Env = new Optional<ImmutableSortedDictionary<string, string>?>(null),
        Port = new Optional<int?>(null),
        Hosts = new Optional<ImmutableArray<HostName>?>(null),
        Volumes = new Optional<ImmutableArray<Volume>?>(null),
        Command = new Optional<ImmutableArray<string>?>(null),
        Memory = new Optional<MemorySize?>(null),
        Cpus = new Optional<decimal?>(null),
        HealthCheck = new Optional<HealthCheck?>(null),
        MinHealthy = new Optional<TimeSpan?>(null),
        Deadline = new Optional<TimeSpan?>(null),
    };

    [Test]
    public void ApplyTo_WhenAllIsLeftOut_InheritsAll() => new SpecChanges().ApplyTo(s_running).Should().Be(s_running);

    [Test]
    public void ApplyTo_WhenAllIsNull_GivesTheDefaults() => s_allNull.ApplyTo(s_running).Should().Be(DeploySpec.Default);

    [Test]
    public void ApplyTo_WhenNothingIsInheritedNorGiven_GivesTheDefaults() =>
        new SpecChanges().ApplyTo(DeploySpec.Default).Should().Be(new DeploySpec());

    [Test]
    public void ApplyTo_WhenEmptyCollectionsAreGiven_ClearsThemAndNothingElse()
    {
        var changes = new SpecChanges
        {
            Env = new(ImmutableSortedDictionary<string, string>.Empty),
            Volumes = new(ImmutableArray<Volume>.Empty),
            Command = new(ImmutableArray<string>.Empty),
        };

        changes.ApplyTo(s_running).Should().Be(s_running with { Env = DeploySpec.Default.Env, Volumes = [], Command = [] });
    }

    [Test]
    public void ApplyTo_WhenValuesAreGiven_TakesThemWholeAndInheritsTheRest()
    {
        var env = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("A", "1")]);
        var changes = new SpecChanges { InstanceCount = new(1), Env = new(env), HealthCheck = new(new HealthCheck("/")) };

        changes.ApplyTo(s_running).Should().Be(
            s_running with { InstanceCount = 1, Env = env, HealthCheck = new HealthCheck("/") });
    }

    [Test]
    public void LeftOut_WhenNothingIsGiven_NamesAllFieldsAsTheApiDoes() =>
        new SpecChanges().LeftOut.Should().Equal(
            "instance_count",
            "env",
            "port",
            "hosts",
            "volumes",
            "command",
            "memory",
            "cpus",
            "health_check",
            "min_healthy_seconds",
            "deadline");

    [Test]
    public void LeftOut_WhenAllIsGivenAsNull_IsEmpty() => s_allNull.LeftOut.Should().BeEmpty();

    [Test]
    public void LeftOut_WhenOneIsGiven_NamesTheOthers() =>
        new SpecChanges { Port = new(80) }.LeftOut.Should().HaveCount(10).And.NotContain("port");

    [Test]
    public void Equals_WhenTwoSpecsHoldTheSameEntries_IsTrue()
    {
        var same = s_running with { Env = s_running.Env.Remove("DATABASE_URL").Add("DATABASE_URL", "postgres://db"), Command = [.. s_running.Command] };

        same.Should().Be(s_running);
        same.GetHashCode().Should().Be(s_running.GetHashCode());
    }
}
