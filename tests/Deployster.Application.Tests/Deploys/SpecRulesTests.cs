using Deployster.Application.Deploys;
using Deployster.Application.Tests.Kit;
using FluentValidation;
using FluentValidation.Results;

namespace Deployster.Application.Tests.Deploys;

/// <summary>What a request may say, field by field: the field's name in the API, the rule, and the value.</summary>
internal sealed class SpecRulesTests
{
    private static readonly TestCaseData[] s_refused =
    [
        Case("deploy.instance_count", "must be from 1 to 1000, not 0.", new() { InstanceCount = new(0) }),
        Case("deploy.instance_count", "must be from 1 to 1000, not 1001.", new() { InstanceCount = new(1001) }),
        Case("deploy.port", "must be from 1 to 65535, not 65536.", new() { Port = new(65536) }),
        Case("deploy.cpus", "must be from 0.01 to 1024, not 0.001.", new() { Cpus = new(0.001m) }),
        Case("deploy.cpus", "must have at most 3 decimals, not 0.1234.", new() { Cpus = new(0.1234m) }),
        Case("deploy.min_healthy_seconds", "must be from 0 to 3600, not -1.", new() { MinHealthySeconds = new(-1) }),
        Case("deploy.deadline", "must be from 1 to 86400, not 0.", new() { Deadline = new(0) }),
        Case("deploy.memory", "must be a whole number of bytes*not '5 potatoes'.", new() { Memory = new("5 potatoes") }),
        Case("deploy.memory", "*from 6m*not '1k'.", new() { Memory = new("1k") }),
        Case("deploy.command", "cannot be taken: the quote \" is left open.", new() { Command = new(new CommandText("echo \"hello")) }),
        Case("deploy.command", "cannot be taken: each word must be text*", new() { Command = new(new CommandText(["a", null])) }),
        Case("deploy.command", "cannot be taken: each word must be text*", new() { Command = new(new CommandText(["a\nb"])) }),
        Case("deploy.env", "has the name '1A', which must be of letters*", Env("1A", "x")),
        Case("deploy.env", "has the name 'A\n', which must be of letters*", Env("A\n", "x")),
        Case("deploy.env.A", "must be text of valid Unicode without line breaks*", Env("A", "x\ny")),
        Case("deploy.env.A", "must be text of valid Unicode*", Env("A", "\ud800")),
        Case("deploy.env.A", "must be text of valid Unicode*", Env("A", null)),
        Case("deploy.env", "must have at most 500 entries, not 501.", new()
        {
            Env = new(Enumerable.Range(0, 501).ToDictionary(i => $"E{i}", string? (_) => "")),
        }),
        Case("deploy.volumes[1]", "must be source:target*not 'data'.", new() { Volumes = new(["/a:/a", "data"]) }),
        Case("deploy.volumes[0]", "must be source:target*", new() { Volumes = new([null]) }),
        Case("deploy.volumes", "must have a target of its own for each entry.", new() { Volumes = new(["/a:/x", "/b:/x"]) }),
        Case("deploy.volumes", "must have at most 500 entries, not 501.", new()
        {
            Volumes = new([.. Enumerable.Range(0, 501).Select(i => $"/a:/a{i}")]),
        }),
        Case("deploy.health_check.path", "must be a path from '/'*not ''.", Check(null)),
        Case("deploy.health_check.path", "must be a path from '/'*not 'health'.", Check("health")),
        Case("deploy.health_check.path", "must be a path from '/'*not '/a b'.", Check("/a b")),
        Case("deploy.health_check.path", "must be a path from '/'*", Check("/{PropertyName}")),
        Case("deploy.health_check.interval", "must be from 1 to 300, not 0.", Check("/", interval: 0)),
        Case("deploy.health_check.timeout", "must be from 1 to 60, not 61.", Check("/", timeout: 61)),
    ];

    [TestCaseSource(nameof(s_refused))]
    public async Task Spec_AgainstARule_IsRefusedWithFieldRuleAndValue(string field, string message, SpecRequest spec)
    {
        await using var deployster = new TestDeployster();

        var error = (await ErrorsAsync(deployster, Request(spec: spec))).Should().ContainSingle().Which;

        error.PropertyName.Should().Be(field);
        error.ErrorMessage.Should().Match(message);
    }

    [Test]
    public async Task Spec_AtTheEdgesOfItsRules_IsTaken()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var details = await deployster.SendAsync(Request(spec: new SpecRequest
        {
            InstanceCount = new(1000),
            Port = new(65535),
            Cpus = new(0.01m),
            MinHealthySeconds = new(3600),
            Deadline = new(86400),
            Memory = new("6m"),
            Command = new(new CommandText("sh -c 'echo \"hello\"'")),
            Env = new(new Dictionary<string, string?> { ["_"] = "", ["A1"] = "a\tb ü 🚀" }),
            Volumes = new(["/a:/b:ro", "data:/c"]),
            HealthCheck = new(new HealthCheckRequest("/health?deep=1", 300, 60)),
        }));

        details.Record.Intention.Spec.Command.Should().Equal("sh", "-c", "echo \"hello\"");
        details.Units.Should().HaveCount(1000);
    }

    [Test]
    public async Task Spec_WithSeveralErrors_TellsAll()
    {
        await using var deployster = new TestDeployster();

        var errors = await ErrorsAsync(deployster, Request(version: null, spec: new SpecRequest { Port = new(0), Deadline = new(0) }));

        errors.Select(error => error.PropertyName).Should().BeEquivalentTo("deploy.version", "deploy.port", "deploy.deadline");
    }

    [TestCase("service", "Rails", "v1", null)]
    [TestCase("service", "../etc", "v1", null)]
    [TestCase("service", "", "v1", null)]
    [TestCase("service", "railsapp\n", "v1", null)]
    [TestCase("deploy.version", "railsapp", "", null)]
    [TestCase("deploy.version", "railsapp", "v 1", null)]
    [TestCase("deploy.version", "railsapp", "-v1", null)]
    [TestCase("deploy.timestamp", "railsapp", "v1", "yesterday")]
    [TestCase("deploy.timestamp", "railsapp", "v1", "2015.02.30-00.00.00")]
    [TestCase("deploy.timestamp", "railsapp", "v1", "")]
    public async Task Names_AgainstTheGrammar_AreRefusedWithTheRule(string field, string service, string version, string? timestamp)
    {
        await using var deployster = new TestDeployster();

        var error = (await ErrorsAsync(deployster, Request(service, version, timestamp))).Should().ContainSingle().Which;

        error.PropertyName.Should().Be(field);
        error.ErrorMessage.Should().StartWith("must be ");
    }

    [TestCase("service", "Rails", "v1", null)]
    [TestCase("version", "railsapp", "v:1", null)]
    [TestCase("timestamp", "railsapp", "v1", "now")]
    public async Task Names_OfADeployThatIsAskedFor_AreRefusedAgainstTheGrammar(
        string field, string service, string version, string? timestamp)
    {
        await using var deployster = new TestDeployster();

        foreach (var ask in new Func<Task>[]
        {
            () => deployster.SendAsync(new GetDeploy(service, version, timestamp)),
            () => deployster.SendAsync(new FollowDeploy(service, version, timestamp, 0)),
            () => deployster.SendAsync(new DestroyVersion(service, version, timestamp)),
        })
        {
            (await ask.Should().ThrowAsync<ValidationException>()).Which.Errors
                .Should().ContainSingle().Which.PropertyName.Should().Be(field);
        }
    }

    private static TestCaseData Case(string field, string message, SpecRequest spec) =>
        new TestCaseData(field, message, spec).SetArgDisplayNames(field, message);

    private static SpecRequest Env(string name, string? value) => new() { Env = new(new Dictionary<string, string?> { [name] = value }) };

    private static SpecRequest Check(string? path, int? interval = null, int? timeout = null) =>
        new() { HealthCheck = new(new HealthCheckRequest(path, interval, timeout)) };

    private static DeployVersion Request(
        string service = "railsapp", string? version = "v1", string? timestamp = null, SpecRequest? spec = null) => new()
        {
            Service = service,
            Version = version,
            Timestamp = timestamp,
            Spec = spec ?? new SpecRequest(),
        };

    private static async Task<IEnumerable<ValidationFailure>> ErrorsAsync(TestDeployster deployster, DeployVersion request)
    {
        var send = () => deployster.SendAsync(request);
        return (await send.Should().ThrowAsync<ValidationException>()).Which.Errors;
    }
}
