using System.Collections.Immutable;
using Deployster.Application.Fleet;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Fleet;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

public sealed class UnitFileTests
{
    private static readonly string[] s_oddValues =
    [
        "x", "", "a b  c", " leading and trailing ", "say \"hi\" it's", "100%i %n %%", "$HOME ${X} $$ $(id)", @"a\nb\", "žluťoučký 🐎",
        "a;b|c&d`e`#f", "a\tb", "-", ";", "'", "\"", "@x", "!", "~", "*", "{{image}}",
    ];

    [Test]
    public void Render_WhenAllIsDefault_WritesTheConvention() =>
        Write(Render(Some.Unit())).Should().Be("""
            [Unit] Description=web-v1-2015.03.02-00.31.45
            [Unit] After=docker.service
            [Unit] StartLimitIntervalSec=300
            [Unit] StartLimitBurst=3
            [Service] EnvironmentFile=-/etc/environment
            [Service] TimeoutStartSec=0
            [Service] TimeoutStopSec=93
            [Service] ExecStartPre=/bin/sh -c "/usr/bin/docker image inspect mycompany/web:v1 >/dev/null 2>&1 || /usr/bin/docker pull mycompany/web:v1"
            [Service] ExecStartPre=-/usr/bin/docker rm -f web-v1-2015.03.02-00.31.45-%i
            [Service] ExecStart=/usr/bin/docker run --name web-v1-2015.03.02-00.31.45-%i -p 3000 mycompany/web:v1
            [Service] ExecStartPost=/bin/sh -c "for i in $(seq 300); do kill -0 $MAINPID || exit 1; p=$(/usr/bin/docker port web-v1-2015.03.02-00.31.45-%i 3000 2>/dev/null | head -n1); p=$${p##*:}; [ -n \"$p\" ] && curl -s -o /dev/null --noproxy '*' -m 5 http://127.0.0.1:$p/ && exec env ETCDCTL_API=2 etcdctl set /vulcand/upstreams/web/endpoints/web-v1-2015.03.02-00.31.45-%i http://$COREOS_PRIVATE_IPV4:$p; sleep 1; done; exit 1"
            [Service] ExecStop=/bin/sh -c "ETCDCTL_API=2 etcdctl rm /vulcand/upstreams/web/endpoints/web-v1-2015.03.02-00.31.45-%i; sleep 3; /usr/bin/docker stop -t 10 web-v1-2015.03.02-00.31.45-%i; /usr/bin/docker rm -f web-v1-2015.03.02-00.31.45-%i"
            [Service] ExecStopPost=-/bin/sh -c "ETCDCTL_API=2 etcdctl rm /vulcand/upstreams/web/endpoints/web-v1-2015.03.02-00.31.45-%i; /usr/bin/docker rm -f web-v1-2015.03.02-00.31.45-%i"
            [Service] Restart=on-failure
            [Service] RestartSec=1
            [Service] StartLimitInterval=300
            """);

    [Test]
    public void Render_WhenAllIsGiven_HandsAllToDocker()
    {
        var spec = new DeploySpec
        {
            Env = Env(("B", "2"), ("A", "1 %")),
            Port = 8080,
            Volumes = [new Volume("/srv/my data", "/data", "ro"), new Volume("cache", "/cache")],
            Command = ["serve", "--name", "a b"],
            Memory = new MemorySize(512 << 20),
            Cpus = 1.5m,
            StopSignal = new StopSignal("SIGQUIT"),
        };

        var options = Render(Some.Unit(spec));

        Values(options, "Environment").Should().Equal("\"A=1 %%\"", "\"B=2\"");
        Values(options, "ExecStart").Should().Equal(
            "/usr/bin/docker run --name web-v1-2015.03.02-00.31.45-%i -p 8080 -e A -e B -v \"/srv/my data:/data:ro\""
            + " -v cache:/cache --memory 512m --cpus 1.5 --stop-signal SIGQUIT mycompany/web:v1 serve --name \"a b\"");
    }

    [TestCase(1, "sleep 1; /usr/bin/docker stop -t 1 ", "82")]
    [TestCase(120, "sleep 3; /usr/bin/docker stop -t 120 ", "203")]
    public void Render_WhenTheStopTimeoutIsGiven_StopsByItAndHasSystemdWaitLonger(int seconds, string stop, string limit)
    {
        var options = Render(Some.Unit(new DeploySpec { StopTimeout = TimeSpan.FromSeconds(seconds) }));

        Values(options, "ExecStop").Single().Should().Contain(stop);
        Values(options, "TimeoutStopSec").Should().Equal(limit);
    }

    [TestCase("discovery.type", "x")]
    [TestCase("A-B", "x")]
    [TestCase("1A", "x")]
    [TestCase("KEY", "one\ntwo")]
    public void Render_WhenAUnitFileCannotHoldAVariable_NamesIt(string name, string value) =>
        ((Action)(() => Render(Some.Unit(new DeploySpec { Env = Env((name, value)) })))).Should()
            .Throw<SpecRefusedException>().Which.Field.Should().Be($"deploy.env.{name}");

    [Test]
    public void Render_WhenAWordOfTheCommandHasALineBreak_NamesTheCommand() =>
        ((Action)(() => Render(Some.Unit(new DeploySpec { Command = ["sh", "-c", "a\nb"] })))).Should()
            .Throw<SpecRefusedException>().Which.Field.Should().Be("deploy.command");

    [Test]
    public void Render_WhenTheContainerHasFurtherSettings_HandsThemToDocker()
    {
        var container = new Container
        {
            User = "1000:1000",
            Init = true,
            Labels = Env(("team", "a b")),
            Log = new LogDestination("local") { Options = Env(("max-size", "10m")) },
            Networks = ["back"],
            ShmSize = new MemorySize(64 << 20),
            Tmpfs = [new TmpfsMount("/run", "size=1m")],
            ReadOnly = true,
            CapAdd = ["NET_ADMIN"],
            CapDrop = ["MKNOD"],
            Ulimits = Container.None.Ulimits.Add("nofile", new Ulimit(1024, 4096)),
            ExtraHosts = [new ExtraHost("db", "10.0.0.7")],
        };

        Values(Render(Some.Unit(new DeploySpec { Container = container })), "ExecStart").Single().Should().Contain(
            " --user 1000:1000 --label \"team=a b\" --log-driver local --log-opt max-size=10m --network back --shm-size 64m --tmpfs /run:size=1m"
            + " --cap-add NET_ADMIN --cap-drop MKNOD --ulimit nofile=1024:4096 --add-host db:10.0.0.7 --init --read-only mycompany/web:v1");
    }

    [Test]
    public void Render_WhenThereAreSecrets_HandsThemOnAsOtherVariables()
    {
        var spec = new DeploySpec { SecretEnv = SecretVariables.None.Add("TOKEN", new Secret("hunter2")) };

        var options = Render(Some.Unit(spec));

        Values(options, "Environment").Should().Equal("\"TOKEN=hunter2\"");
        Values(options, "ExecStart").Single().Should().Contain("-e TOKEN").And.NotContain("hunter2");
        string.Join(' ', Render(Some.Unit(spec.WithoutSecrets()))).Should().NotContain("hunter2");
    }

    [Test]
    public void Render_WhenThereIsNoPort_PublishesNoneAndRegistersNothing()
    {
        var options = Render(Some.Unit(new DeploySpec { Port = 0 }));

        Values(options, "ExecStart").Should().Equal("/usr/bin/docker run --name web-v1-2015.03.02-00.31.45-%i mycompany/web:v1");
        options.Should().NotContain(option => option.Value.Contains("vulcand") || option.Value.Contains(" -p "));
        Words(options, "ExecStartPost")[2].Should().Contain("docker inspect -f '{{ .State.Running }}");
    }

    private static readonly TestCaseData[] s_refused =
    [
        new TestCaseData("deploy.port", "[Service]\nExecStart=/usr/bin/docker run -p {{port}} {{image}}", new DeploySpec { Port = 0 }),
        new TestCaseData("deploy.secret_env.A-B", null, new DeploySpec { SecretEnv = SecretVariables.None.Add("A-B", new Secret("x")) }),
        new TestCaseData("deploy.secret_env.KEY", null, new DeploySpec { SecretEnv = SecretVariables.None.Add("KEY", new Secret("a\nb")) }),
        new TestCaseData("deploy.container.labels.a", null, new DeploySpec { Container = new Container { Labels = Env(("a", "x\ny")) } }),
        new TestCaseData("deploy.container.log.options.tag", null, new DeploySpec { Container = new Container { Log = new LogDestination("local") { Options = Env(("tag", "x\ny")) } } }),
        new TestCaseData("deploy.container.networks", null, new DeploySpec { Container = new Container { Networks = ["a", "b"] } }),
        new TestCaseData("deploy.command", null, new DeploySpec { Command = ["a"], CommandLine = "a\n" }),
    ];

    [TestCaseSource(nameof(s_refused))]
    public void Render_WhenAUnitFileCannotHoldAField_NamesIt(string field, string? template, DeploySpec spec) =>
        ((Action)(() => new UnitFile(template is null ? UnitTemplate.Convention : UnitTemplate.Parse(template), pullAlways: false).Render(Some.Unit(spec))))
            .Should().Throw<SpecRefusedException>().Which.Field.Should().Be(field);

    [Test]
    public void Render_WhenThereIsAHealthCheck_WaitsForASuccessOfItsPath()
    {
        var check = new HealthCheck("/health?a=$x&b=%20")
        {
            Interval = TimeSpan.FromSeconds(2.5),
            Timeout = TimeSpan.FromSeconds(3),
        };

        var command = Words(Render(Some.Unit(new DeploySpec { HealthCheck = check })), "ExecStartPost");

        command[2].Should().Contain(
                "curl -s -o /dev/null --noproxy '*' -m 3 -w '%{http_code}' http://127.0.0.1:$p'/health?a=$x&b=%20' | grep -q ^2")
            .And.Contain("seq 120").And.Contain("sleep 2.5");
    }

    [Test]
    public void Render_WhenImagesArePullAlwaysed_DoesNotLookForTheImage() =>
        Values(new UnitFile(UnitTemplate.Convention, pullAlways: true).Render(Some.Unit()), "ExecStartPre")[0]
            .Should().Be("/usr/bin/docker pull mycompany/web:v1");

    [Test]
    public void Render_Always_WritesCommandsThatSystemdCanRead()
    {
        var lines = Render(Some.Unit(new DeploySpec { HealthCheck = new HealthCheck("/up") }))
            .Where(option => option.Name.StartsWith("Exec", StringComparison.Ordinal));

        foreach (var line in lines)
        {
            var words = SystemdSyntax.Words(line.Value, "1", new Dictionary<string, string>());
            words.Should().NotContain("").And.NotContain(word => word.Contains("{{", StringComparison.Ordinal));
        }
    }

    [Test]
    public void Render_Always_GivesAllInstancesTheSameFile() =>
        Render(Some.Unit(instance: 2)).Should().Equal(Render(Some.Unit(instance: 1)));

    [Test]
    public void Render_Always_CarriesTheIntention()
    {
        var unit = Some.Unit(new DeploySpec { Env = Env(("A", "1")), InstanceCount = 3 });

        IntentionOptions.Read(Render(unit)).Should().BeEquivalentTo(unit.Intention);
    }

    [TestCaseSource(nameof(s_oddValues))]
    public void Render_WhenAVariableHasAnOddValue_SystemdReadsItUnchanged(string value)
    {
        var line = Values(Render(Some.Unit(new DeploySpec { Env = Env(("NAME", value)) })), "Environment").Single();

        SystemdSyntax.Words(line, "1", variables: null).Should().Equal($"NAME={value}");
    }

    [TestCaseSource(nameof(s_oddValues))]
    public void Render_WhenTheCommandHasAnOddWord_SystemdReadsItUnchanged(string word)
    {
        var command = Words(Render(Some.Unit(new DeploySpec { Command = ["run", word, "end"] })), "ExecStart");

        command.TakeLast(3).Should().Equal("run", word, "end");
    }

    [TestCaseSource(nameof(s_oddValues))]
    public void Render_WhenAVolumeHasAnOddPath_SystemdReadsItUnchanged(string path)
    {
        var volume = new Volume($"/srv/{path}", "/data");

        Words(Render(Some.Unit(new DeploySpec { Volumes = [volume] })), "ExecStart").Should().ContainInConsecutiveOrder("-v", volume.ToString());
    }

    [TestCase("PATH")]
    [TestCase("LD_PRELOAD")]
    [TestCase("DOCKER_HOST")]
    public void Render_WhenAVariableWouldSteerTheHostsCommands_SetsItInTheContainerAlone(string name)
    {
        var options = Render(Some.Unit(new DeploySpec { Env = Env((name, "/a b")) }));

        var assignment = SystemdSyntax.Words(Values(options, "Environment").Single(), "1", variables: null).Single().Split('=', 2);
        assignment[0].Should().NotBe(name);
        var variables = new Dictionary<string, string> { [assignment[0]] = assignment[1] };
        SystemdSyntax.Words(Values(options, "ExecStart").Single(), "1", variables)
            .Should().ContainInConsecutiveOrder("-e", $"{name}=/a b");
    }

    [Test]
    public void Render_WhenNamesAreAsLongAsTheyMayBe_FitsTheLines()
    {
        var spec = new DeploySpec { HealthCheck = new HealthCheck("/" + new string('%', 511)) };
        var unit = Some.Unit(spec, service: new string('a', 100), version: new string('b', 128));

        FluentActions.Invoking(() => Render(unit)).Should().NotThrow();
    }

    private static IEnumerable<TestCaseData> TooLong()
    {
        static TestCaseData Case(string description, string field, DeploySpec spec) =>
            new TestCaseData(spec, field).SetArgDisplayNames(description);

        var text = new string('x', 2100);
        yield return Case("a value", "deploy.env.BIG", new DeploySpec { Env = Env(("A", "1"), ("BIG", text)) });
        yield return Case("escapes", "deploy.env.QUOTES", new DeploySpec { Env = Env(("QUOTES", new string('"', 1024))) });
        yield return Case("bytes", "deploy.env.UNI", new DeploySpec { Env = Env(("UNI", new string('ž', 1024))) });
        yield return Case(
            "names", "deploy.env", new DeploySpec { Env = Env([.. Enumerable.Range(0, 200).Select(i => ($"VARIABLE_{i}", "x"))]) });
        yield return Case("a word", "deploy.command", new DeploySpec { Command = ["echo", text] });
        yield return Case(
            "volumes",
            "deploy.volumes",
            new DeploySpec { Volumes = [.. Enumerable.Range(0, 100).Select(i => new Volume($"/source/{i}", $"/target/{i}"))] });
    }

    [TestCaseSource(nameof(TooLong))]
    public void Render_WhenALineWouldBeTooLong_NamesTheField(DeploySpec spec, string field) =>
        FluentActions.Invoking(() => Render(Some.Unit(spec)))
            .Should().Throw<SpecRefusedException>().Which.Field.Should().Be(field);

    [Test]
    public void Render_WhenALineIsAsLongAsItMayBe_Writes2047Bytes()
    {
        var value = new string('x', 2047 - "Environment=\"A=\"".Length);

        var options = Render(Some.Unit(new DeploySpec { Env = Env(("A", value)) }));

        options.Max(option => $"{option.Name}={option.Value}".Length).Should().Be(2047);
    }

    private static ImmutableArray<UnitOption> Render(UnitDefinition unit) =>
        new UnitFile(UnitTemplate.Convention, pullAlways: false).Render(unit);

    private static ImmutableSortedDictionary<string, string> Env(params (string Name, string Value)[] variables) =>
        variables.ToImmutableSortedDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);

    private static List<string> Values(IEnumerable<UnitOption> options, string name) =>
        [.. options.Where(option => option.Name == name && option.Section != IntentionOptions.Section).Select(option => option.Value)];

    private static IReadOnlyList<string> Words(IEnumerable<UnitOption> options, string name) =>
        SystemdSyntax.Words(Values(options, name).Single(), "1", new Dictionary<string, string>());

    private static string Write(IEnumerable<UnitOption> options) => string.Join('\n', options
        .Where(option => option.Section != IntentionOptions.Section)
        .Select(option => $"[{option.Section}] {option.Name}={option.Value}"));
}
