using System.Globalization;
using Deployster.Application.Deploys;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Specs;
using FluentValidation;
using FluentValidation.Results;

namespace Deployster.Application.Tests.Deploys;

/// <summary>What a request may say, field by field: the field's name in the API, the rule, and the value.</summary>
internal sealed class SpecRulesTests
{
    private static readonly TestCaseData[] s_refused =
    [
        Case("deploy.instance_count", "must be from 1 to 1000, not 0.", """{"instance_count":0}"""),
        Case("deploy.instance_count", "must be from 1 to 1000, not 1001.", """{"instance_count":1001}"""),
        Case("deploy.port", "must be from 0 to 65535, not 65536.", """{"port":65536}"""),
        Case("deploy.cpus", "must be from 0.01 to 1024, not 0.001.", """{"cpus":0.001}"""),
        Case("deploy.cpus", "must have at most 3 decimals, not 0.1234.", """{"cpus":0.1234}"""),
        Case("deploy.min_healthy_seconds", "must be from 0 to 3600, not -1.", """{"min_healthy_seconds":-1}"""),
        Case("deploy.deadline", "must be from 1 to 86400, not 0.", """{"deadline":0}"""),
        Case("deploy.memory", "must be a whole number of bytes*not '5 potatoes'.", """{"memory":"5 potatoes"}"""),
        Case("deploy.memory", "*from 6m*not '1k'.", """{"memory":"1k"}"""),
        Case("deploy.command", "cannot be taken: the quote \" is left open.", """{"command":"echo \"hello"}"""),
        Case("deploy.command", "must be a text or a list of texts.", """{"command":["a",null]}"""),
        Case("deploy.command", "cannot be taken: each word must be text of valid Unicode without NUL.", """{"command":["a\u0000b"]}"""),
        Case("deploy.env", "has the name '', which must be*not empty.", """{"env":{"":"x"}}"""),
        Case("deploy.env", "has the name 'A=B', which must be text of valid Unicode without NUL and '='*", """{"env":{"A=B":"x"}}"""),
        Case("deploy.env.A", "must be text of valid Unicode without NUL.", """{"env":{"A":"x\u0000y"}}"""),
        Case("deploy.env.A", "must have at most 131070 bytes together with its name.", $"{{\"env\":{{\"A\":\"{new string('x', 131070)}\"}}}}"),
        Case("deploy.env.A", "must be a text.", """{"env":{"A":"\ud800"}}"""),
        Case("deploy.env.A", "must be text of valid Unicode*", """{"env":{"A":null}}"""),
        Case("deploy.volumes[1]", "must be source:target*not 'data'.", """{"volumes":["/a:/a","data"]}"""),
        Case("deploy.volumes[0]", "must be source:target*", """{"volumes":[null]}"""),
        Case("deploy.volumes[0]", "must be source:target*not '/a:/b:exec'.", """{"volumes":["/a:/b:exec"]}"""),
        Case("deploy.stop_timeout", "must be from 1 to 3600, not 0.", """{"stop_timeout":0}"""),
        Case("deploy.stop_signal", "must be the name of a signal, as SIGQUIT or SIGRTMIN+3, not 'QUIT'.", """{"stop_signal":"QUIT"}"""),
        Case("deploy.volumes", "must have a target of its own for each entry.", """{"volumes":["/a:/x","/b:/x"]}"""),
        Case("deploy.hosts", "must name each host once.", """{"hosts":["a.example","a.example"]}"""),
        Case("deploy.health_check.path", "must be a path from '/'*not ''.", """{"health_check":{}}"""),
        Case("deploy.health_check.path", "must be a path from '/'*not ''.", """{"health_check":{"path":null}}"""),
        Case("deploy.health_check.path", "must be a path from '/'*not 'health'.", """{"health_check":{"path":"health"}}"""),
        Case("deploy.health_check.path", "must be a path from '/'*not '/a b'.", """{"health_check":{"path":"/a b"}}"""),
        Case("deploy.health_check.path", "must be a path from '/'*not '/{PropertyName}'.", """{"health_check":{"path":"/{PropertyName}"}}"""),
        Case("deploy.health_check.interval", "must be from 1 to 300, not 0.", """{"health_check":{"path":"/","interval":0}}"""),
        Case("deploy.health_check.timeout", "must be from 1 to 60, not 61.", """{"health_check":{"path":"/","timeout":61}}"""),
        Case("deploy.strategy.max_surge", "must be a count from 0 to 1000 or a percentage from 0% to 100%, not \"half\".", """{"strategy":{"max_surge":"half"}}"""),
        Case("deploy.strategy.max_surge", "must be a count*not \"101%\".", """{"strategy":{"max_surge":"101%"}}"""),
        Case("deploy.strategy.max_surge", "must be a count*not \"5\".", """{"strategy":{"max_surge":"5"}}"""),
        Case("deploy.strategy.max_unavailable", "must be a count*not -1.", """{"strategy":{"max_unavailable":-1}}"""),
        Case("deploy.strategy.max_unavailable", "must be a count*not 1.5.", """{"strategy":{"max_unavailable":1.5}}"""),
        Case("deploy.strategy.canary", "must be from 1 to 1000, not 0.", """{"strategy":{"canary":0}}"""),
        Case("deploy.strategy.canary_seconds", "must be from 1 to 86400, not 0.", """{"strategy":{"canary":1,"canary_seconds":0}}"""),
        Case("deploy.strategy.speed", "is unknown.", """{"strategy":{"speed":"fast"}}"""),
        Case("deploy.image", "must be a name under the prefix*not 'Rails'.", """{"image":"Rails"}"""),
        Case("deploy.image", "must be*without a tag or digest*not 'ghcr.io/org/app:v1'.", """{"image":"ghcr.io/org/app:v1"}"""),
        Case("deploy.secret_env", "has a name that breaks its rule: it must be text*", """{"secret_env":{"":"x"}}"""),
        Case("deploy.secret_env.A", "must be a text.", """{"secret_env":{"A":1}}"""),
        Case("deploy.container.user", "must be a user*not 'a b'.", """{"container":{"user":"a b"}}"""),
        Case("deploy.container.init", "must be true or false.", """{"container":{"init":1}}"""),
        Case("deploy.container.labels.deployster.unit", "cannot be set: labels that begin with 'deployster.' are Deployster's own.", """{"container":{"labels":{"deployster.unit":"x"}}}"""),
        Case("deploy.container.log.driver", "must be the name of a log driver, not ''.", """{"container":{"log":{"options":{}}}}"""),
        Case("deploy.container.log.options.max-size", "must be a text.", """{"container":{"log":{"driver":"local","options":{"max-size":10}}}}"""),
        Case("deploy.container.networks[0]", "must be the name of a network, not host or none, not 'host'.", """{"container":{"networks":["host"]}}"""),
        Case("deploy.container.shm_size", "must be a whole number of bytes*not 'big'.", """{"container":{"shm_size":"big"}}"""),
        Case("deploy.container.tmpfs[0]", "must be a path from '/'*not 'run'.", """{"container":{"tmpfs":["run"]}}"""),
        Case("deploy.container.cap_add[0]", "must be the name of a capability*not 'net_admin'.", """{"container":{"cap_add":["net_admin"]}}"""),
        Case("deploy.container.ulimits.files", "is unknown; there are core,*", """{"container":{"ulimits":{"files":{"soft":1}}}}"""),
        Case("deploy.container.ulimits.nofile.soft", "must be at most the hard limit, which is 5, not 6.", """{"container":{"ulimits":{"nofile":{"soft":6,"hard":5}}}}"""),
        Case("deploy.container.ulimits.nofile.soft", "must be a whole number.", """{"container":{"ulimits":{"nofile":{"hard":5}}}}"""),
        Case("deploy.container.extra_hosts[0]", "must be name:address*not 'db'.", """{"container":{"extra_hosts":["db"]}}"""),
        Case("deploy.container.privileged", "is unknown.", """{"container":{"privileged":true}}"""),
        Case("deploy.release_command", "cannot be taken: the quote ' is left open.", """{"release_command":"rake 'db"}"""),
        Case("deploy.release_timeout", "must be from 1 to 86400, not 0.", """{"release_timeout":0}"""),
        Case("deploy.colour", "is unknown.", """{"colour":"red"}"""),
        Case("deploy.env", "must have at most 500 entries, not 501.", $"{{\"env\":{{{Entries("\"E{0}\":\"\"")}}}}}"),
        Case("deploy.volumes", "must have at most 500 entries, not 501.", $"{{\"volumes\":[{Entries("\"/a:/a{0}\"")}]}}"),
    ];

    [TestCaseSource(nameof(s_refused))]
    public async Task Spec_AgainstARule_IsRefusedWithFieldRuleAndValue(string field, string message, string spec)
    {
        await using var deployster = new TestDeployster();

        var error = (await ErrorsAsync(deployster, Request(spec: Spec.Of(spec)))).Should().ContainSingle().Which;

        error.PropertyName.Should().Be(field);
        error.ErrorMessage.Should().Match(message);
    }

    [Test]
    public async Task Spec_AtTheEdgesOfItsRules_IsTaken()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var details = await deployster.SendAsync(Request(spec: Spec.Of("""
            {
              "instance_count": 1000,
              "port": 65535,
              "cpus": 0.01,
              "min_healthy_seconds": 3600,
              "deadline": 86400,
              "memory": "6m",
              "command": "sh -c 'echo \"hello\"'",
              "env": {"_": "", "A1": "a\tb ü 🚀", "discovery.type": "single-node", "A-B": "-----BEGIN KEY-----\nMIIE\r\n"},
              "volumes": ["/a:/b:ro", "data:/c"],
              "health_check": {"path": "/health?deep=1", "interval": 300, "timeout": 60},
              "strategy": {"max_surge": "0%", "max_unavailable": 1000, "canary": 1000, "canary_seconds": 86400}
            }
            """)));

        details.Record.Intention.Spec.Command.Should().Equal("sh", "-c", "echo \"hello\"");
        details.Units.Should().HaveCount(1000);
    }

    [Test]
    public async Task Spec_WithSeveralErrors_TellsAll()
    {
        await using var deployster = new TestDeployster();

        var errors = await ErrorsAsync(deployster, Request(version: null, spec: Spec.Of("""{"port":-1,"deadline":0}""")));

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

    private static TestCaseData Case(string field, string message, string spec) =>
        new TestCaseData(field, message, spec).SetArgDisplayNames(field, message);

    private static string Entries(string format) =>
        string.Join(',', Enumerable.Range(0, 501).Select(i => string.Format(CultureInfo.InvariantCulture, format, i)));

    private static DeployVersion Request(
        string service = "railsapp", string? version = "v1", string? timestamp = null, SpecChanges? spec = null) => new()
        {
            Service = service,
            Version = version,
            Timestamp = timestamp,
            Spec = spec ?? SpecChanges.None,
        };

    private static async Task<IEnumerable<ValidationFailure>> ErrorsAsync(TestDeployster deployster, DeployVersion request)
    {
        var send = () => deployster.SendAsync(request);
        return (await send.Should().ThrowAsync<ValidationException>()).Which.Errors;
    }
}
