using System.Net;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

public sealed class UnitSettingsTests
{
    private static readonly UnitDefinition s_definition = new(
        UnitName.Parse("web:v1:2015.03.02-00.31.45@2.service"),
        new Intention
        {
            Image = "mycompany/web:v1",
            RequestedAt = new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero),
            Spec = DeploySpec.Default with
            {
                InstanceCount = 2,
                Env = DeploySpec.Default.Env.Add("A", "x=y").Add("B", "\"\\\t"),
                Volumes = [new Volume("/srv", "/data", "ro")],
                Command = ["rails", "server -p 3000", "\"x\""],
                Memory = new MemorySize(512 << 20),
                Cpus = 1.5m,
            },
        });

    private static readonly UnitPlace s_place = new("deployster", IPAddress.Parse("10.0.0.7"), new IPEndPoint(IPAddress.Loopback, 20000));

    [TestCase("web:v1:2015.03.02-00.31.45@1.service", "web-v1-2015.03.02-00.31.45-1")]
    [TestCase("my-web.app:v1:2015.03.02-00.31.45@12.service", "my-web.app-v1-2015.03.02-00.31.45-12")]
    [TestCase("web:v1-rc-1:2015.03.02-00.31.45@1.service", "web-v1-rc-1-2015.03.02-00.31.45-1-2")]
    public void ContainerName_Always_IsReadable(string unit, string name) => ContainerName.Of(UnitName.Parse(unit), EngineScope.None).Should().Be(name);

    [Test]
    public void ContainerName_WhenUnitsDiffer_Differs()
    {
        string[] services = ["a", "a-b", "a-b-c", "a--b", "a-1"];
        string[] versions = ["c", "b-c", "b-c-c", "-c".TrimStart('-'), "1-c", "2015.03.02-00.31.45", "c-2015.03.02-00.31.45-1"];
        var units =
            from service in services
            from version in versions.Distinct()
            from instance in (int[])[1, 2, 11]
            select UnitName.Parse($"{service}:{version}:2015.03.02-00.31.45@{instance}.service");

        units.Select(unit => ContainerName.Of(unit, EngineScope.None)).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void Labels_Always_GiveTheIntentionBack()
    {
        var labels = ContainerLabels.Write(s_definition, EngineScope.None);

        ContainerLabels.ReadUnit(labels, EngineScope.None).Should().Be(s_definition.Name);
        ContainerLabels.ReadIntention(labels).Should().BeEquivalentTo(s_definition.Intention, options => options.ComparingByMembers<Intention>());
    }

    [Test]
    public void Labels_WhenThereAreMoreThanAThousandOptions_KeepTheirOrder()
    {
        var command = Enumerable.Range(0, 1500).Select(number => $"{number}").ToArray();
        var long_ = s_definition with
        {
            Intention = s_definition.Intention with { Spec = s_definition.Intention.Spec with { Command = [.. command] } },
        };

        ContainerLabels.ReadIntention(ContainerLabels.Write(long_, EngineScope.None))!.Spec.Command.Should().Equal(command);
    }

    [Test]
    public void Describe_Always_ListsTheSettings()
    {
        var described = UnitSettings.Describe(
            s_definition, new DockerOptions(new Uri("unix:///docker.sock")) { Publish = System.Net.IPAddress.Loopback, PublishPorts = new PortRange(20000, 20999) });

        described.Should().OnlyContain(option => option.Section == "Container");
        described.Where(option => option.Name != "Label").Select(option => $"{option.Name}={option.Value}").Should().Equal(
            "Name=web-v1-2015.03.02-00.31.45-2",
            "Image=mycompany/web:v1",
            "Cmd=[\"rails\",\"server -p 3000\",\"\\\"x\\\"\"]",
            "Network=deployster",
            "Port=3000",
            "Publish=127.0.0.1:20000-20999",
            "Env=A=x=y",
            "Env=B=\"\\\t",
            "Bind=/srv:/data:ro",
            "Memory=512m",
            "Cpus=1.5",
            "StopTimeout=10",
            "RestartPolicy=always");
        described.Should().Contain(new UnitOption("Container", "Label", "deployster.unit=web:v1:2015.03.02-00.31.45@2.service"));
        described.Should().Contain(new UnitOption("Container", "Label", "deployster.option.000=Image=\"mycompany/web:v1\""));
    }

    [Test]
    public void Describe_WhenThereAreSecrets_TellsTheirNamesAlone()
    {
        var spec = s_definition.Intention.Spec with { SecretEnv = SecretVariables.None.Add("TOKEN", new Secret("hunter2")) };
        var shown = s_definition with { Intention = s_definition.Intention with { Spec = spec.WithoutSecrets() } };

        var described = UnitSettings.Describe(shown, new DockerOptions(new Uri("unix:///docker.sock")));

        described.Should().Contain(new UnitOption("Container", "SecretEnv", "TOKEN"));
        string.Join(' ', described).Should().NotContain("hunter2");
        UnitSettings.Of(s_definition with { Intention = s_definition.Intention with { Spec = spec } }, Wanted.Running, s_place, EngineScope.None)
            .Env.Should().Contain("TOKEN=hunter2");
    }

    [Test]
    public void Of_WhenThereIsNoPort_ExposesAndPublishesNone()
    {
        var settings = UnitSettings.Of(With(new DeploySpec { Port = 0 }), Wanted.Running, s_place, EngineScope.None);

        settings.ExposedPorts.Should().BeEmpty();
        settings.HostConfig!.PortBindings.Should().BeEmpty();
    }

    [Test]
    public void Of_WhenOnlyItsHealthCheckHasAPort_PublishesThat() =>
        UnitSettings.Of(With(new DeploySpec { Port = 0, HealthCheck = new HealthCheck("/up") { Port = 9000 } }), Wanted.Running, s_place, EngineScope.None)
            .HostConfig!.PortBindings.Should().ContainKey("9000/tcp");

    [Test]
    public void Of_WhenALabelIsDeploystersOwn_KeepsDeploystersValue() =>
        UnitSettings.Of(With(new DeploySpec { Container = new Container { Labels = DeploySpec.Default.Env.Add("team", "web").Add("deployster.unit", "x") } }), Wanted.Running, s_place, EngineScope.None)
            .Labels.Should().Contain("team", "web").And.Contain("deployster.unit", s_definition.Name.ToString());

    [TestCase("20000-32767", 20000, 32767)]
    [TestCase("1-1", 1, 1)]
    [TestCase("65535-65535", 65535, 65535)]
    public void PortRange_WhenItKeepsTheRule_IsRead(string text, int first, int last)
    {
        PortRange.TryParse(text, out var range).Should().BeTrue();

        range.Should().Be(new PortRange(first, last));
        range!.ToString().Should().Be(text);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("20000")]
    [TestCase("2-1")]
    [TestCase("0-1")]
    [TestCase("1-65536")]
    [TestCase(" 1-2")]
    [TestCase("1-2-3")]
    public void PortRange_WhenItBreaksTheRule_IsNot(string? text) => PortRange.TryParse(text, out _).Should().BeFalse();

    private static UnitDefinition With(DeploySpec spec) => s_definition with { Intention = s_definition.Intention with { Spec = spec } };
}
