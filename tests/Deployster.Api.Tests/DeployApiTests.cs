using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Deployster.Application.Fleet;
using Deployster.Domain.Units;

namespace Deployster.Api.Tests;

internal sealed class DeployApiTests
{
    private const string Deploys = "/v1/services/railsapp/deploys";

    [Test]
    public async Task Version_TellsTheKindOfFleet()
    {
        await using var server = await ApiServer.StartAsync();

        var version = await server.Client.GetAsync("/v1/version");

        version.GetProperty("version").GetString().Should().MatchRegex(@"^\d+\.\d+\.\d+$");
        version.GetProperty("fleet").GetString().Should().Be("fake");
    }

    [Test]
    public async Task Deploy_Is201WithItsAddressAndItself()
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await server.DeployAsync("""
            {"version":"7bdae1c","timestamp":"2015.03.02-00.31.45","instance_count":2,"env":{"A":"1"},"command":"sh -c 'x y'",
             "volumes":["/srv:/data:ro"],"memory":"512m","cpus":0.5,"health_check":{"path":"/health"},"min_healthy_seconds":1}
            """);

        answer.Status.Should().Be(HttpStatusCode.Created);
        answer.Headers.Location!.ToString().Should().Be($"{Deploys}/7bdae1c?timestamp=2015.03.02-00.31.45");
        var deploy = answer.Json;
        deploy.GetProperty("service").GetString().Should().Be("railsapp");
        deploy.GetProperty("status").GetString().Should().Be("in_progress");
        deploy.GetProperty("image").GetString().Should().Be("mycompany/railsapp:7bdae1c");
        deploy.GetProperty("requested_by").GetString().Should().Be("deployster");
        deploy.GetProperty("requested_from").GetString().Should().Be("127.0.0.1");
        deploy.GetProperty("instances").EnumerateArray().Select(unit => unit.GetProperty("instance").GetString()).Should().Equal("1", "2");
        ShouldHave(
            deploy.GetProperty("spec"),
            """{"instance_count":2,"env":{"A":"1"},"port":3000,"hosts":[],"volumes":["/srv:/data:ro"],"command":["sh","-c","x y"],"memory":"512m","cpus":0.5,"health_check":{"path":"/health","host":null,"port":null,"interval":1,"timeout":5},"min_healthy_seconds":1,"deadline":300}""");
        (await server.Client.GetAsync(answer.Headers.Location.ToString())).GetProperty("version").GetString().Should().Be("7bdae1c");
    }

    [Test]
    public async Task Units_AreListedWithTheirStates()
    {
        await using var server = await ApiServer.StartAsync();
        await server.DeployAsync("""{"version":"v1","timestamp":"2015.03.02-00.31.45"}""");
        await server.EndAsync("v1");

        var unit = (await server.Client.GetAsync("/v1/services/railsapp/units")).GetProperty("units").EnumerateArray().Single();

        unit.GetRawText().Should().Be(
            """{"name":"railsapp:v1:2015.03.02-00.31.45@1.service","service":"railsapp","instance":"1","version":"v1","phase":"healthy","current_state":"launched","desired_state":"launched","machine_id":"m1","deploy_timestamp":"2015.03.02-00.31.45","active_state":"active","sub_state":"running","detail":null,"restarts":null,"image_id":null,"endpoint":null}""");
    }

    [Test]
    public async Task Units_OfAServiceThatNobodyKnows_AreAnEmptyList()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.GetAsync("/v1/services/nobody/units")).Body.Should().Be("""{"units":[]}""");
        (await server.GetAsync("/v1/services")).Body.Should().Be("""{"services":[]}""");
        (await server.GetAsync("/v1/services/nobody/deploys")).Body.Should().Be("""{"deploys":[],"next_cursor":null}""");
    }

    [Test]
    public async Task Deploy_InThePlaceOfAnother_IsCarriedThroughAndListed()
    {
        await using var server = await ApiServer.StartAsync();
        await server.DeployAsync("""{"version":"v1","timestamp":"2015.03.02-00.31.45"}""");
        await server.EndAsync("v1");

        await server.DeployAsync("""{"version":"v2","destroy_previous":true}""");
        var deploy = await server.EndAsync("v2");

        deploy.GetProperty("status").GetString().Should().Be("succeeded");
        deploy.GetProperty("ended_at").GetDateTimeOffset().Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        deploy.GetProperty("previous").GetRawText().Should().Be("""[{"version":"v1","timestamp":"2015.03.02-00.31.45","unit_count":1}]""");
        var service = (await server.Client.GetAsync("/v1/services")).GetProperty("services").EnumerateArray().Single();
        service.GetProperty("versions").EnumerateArray().Single().GetProperty("version").GetString().Should().Be("v2");
        (await server.Client.GetAsync(Deploys)).GetProperty("deploys").EnumerateArray()
            .Select(listed => listed.GetProperty("version").GetString()).Should().Equal("v2", "v1");
    }

    [Test]
    public async Task Deploy_WithNullsAndClearedFields_InheritsTheFirstAndHasTheDefaultsOfTheOthers()
    {
        await using var server = await ApiServer.StartAsync();
        await server.DeployAsync("""{"version":"v1","env":{"A":"1"},"port":8080,"volumes":["/a:/b"],"command":["x"],"memory":"64m","cpus":1,"health_check":{"path":"/"}}""");
        await server.EndAsync("v1");

        var answer = await server.DeployAsync("""{"version":"v2","env":null,"port":null,"volumes":[],"memory":null,"clear":["command","memory","cpus","health_check"]}""");

        ShouldHave(
            answer.Json.GetProperty("spec"),
            """{"instance_count":1,"env":{"A":"1"},"port":8080,"hosts":[],"volumes":[],"command":[],"memory":null,"cpus":null,"health_check":null,"min_healthy_seconds":0,"deadline":300,"stop_timeout":10,"stop_signal":null,"strategy":null}""");
    }

    [Test]
    public async Task Deploy_WhileAnotherIsUnderWay_Is409WithALinkToIt()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.Becomes = _ => (Phase.Preparing, null);
        await server.DeployAsync("""{"version":"v1","timestamp":"2015.03.02-00.31.45"}""");

        var answer = (await server.DeployAsync("""{"version":"v2"}""")).ShouldBeProblem(HttpStatusCode.Conflict);

        answer.Detail.Should().Contain("railsapp:v1:2015.03.02-00.31.45");
        answer.Json.GetProperty("deploy").GetString().Should().Be($"{Deploys}/v1?timestamp=2015.03.02-00.31.45");
        (await server.Client.GetAsync("/v1/services")).GetProperty("services")[0].GetProperty("rollout").GetRawText()
            .Should().Be("""{"version":"v1","timestamp":"2015.03.02-00.31.45"}""");
    }

    [Test]
    public async Task DryRun_TellsWhatTheDeployWouldDoAndDoesNothing()
    {
        await using var server = await ApiServer.StartAsync();
        await server.DeployAsync("""{"version":"v1","timestamp":"2015.03.02-00.31.45","port":8080}""");
        await server.EndAsync("v1");

        var answer = await server.PostAsync(
            $"{Deploys}?dry_run=true", """{"deploy":{"version":"v2","timestamp":"2015.03.03-00.31.45","destroy_previous":true}}""");

        answer.Status.Should().Be(HttpStatusCode.OK);
        answer.Json.GetProperty("deploy").GetProperty("version").GetString().Should().Be("v2");
        answer.Json.GetProperty("inherited").EnumerateArray().Select(name => name.GetString()).Should().Contain("port");
        answer.Json.GetProperty("destroy").GetRawText().Should().Be("""["railsapp:v1:2015.03.02-00.31.45@1.service"]""");
        var launch = answer.Json.GetProperty("launch").EnumerateArray().Single();
        launch.GetProperty("unit").GetString().Should().Be("railsapp:v2:2015.03.03-00.31.45@1.service");
        launch.GetProperty("options").EnumerateArray().Select(option => option.GetRawText())
            .Should().Contain("""{"section":"X-Deployster","name":"Port","value":"8080"}""");
        server.Fleet.Done.Should().HaveCount(1);
    }

    [Test]
    public async Task Destroy_Is204AndThen404()
    {
        await using var server = await ApiServer.StartAsync();
        await server.DeployAsync("""{"version":"v1"}""");
        await server.EndAsync("v1");

        var first = await server.SendAsync(HttpMethod.Delete, $"{Deploys}/v1");
        var second = await server.SendAsync(HttpMethod.Delete, $"{Deploys}/v1");

        first.Status.Should().Be(HttpStatusCode.NoContent);
        first.Body.Should().BeEmpty();
        second.ShouldBeProblem(HttpStatusCode.NotFound).Detail.Should().Contain("railsapp:v1");
    }

    [Test]
    public async Task Destroy_OfADeployUnderWay_CancelsIt()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.Becomes = _ => (Phase.Preparing, null);
        await server.DeployAsync("""{"version":"v1"}""");

        (await server.SendAsync(HttpMethod.Delete, $"{Deploys}/v1")).Status.Should().Be(HttpStatusCode.NoContent);

        var deploy = await server.Client.GetAsync($"{Deploys}/v1");
        deploy.GetProperty("status").GetString().Should().Be("cancelled");
        deploy.GetProperty("message").GetString().Should().Be("It was cancelled by deployster.");
        server.Fleet.Names.Should().BeEmpty();
    }

    [Test]
    public async Task Scale_GivesTheDeployInItsNewStrength()
    {
        await using var server = await ApiServer.StartAsync();
        await server.DeployAsync("""{"version":"v1"}""");
        await server.EndAsync("v1");

        var deploy = await server.Client.PutAsync("/v1/services/railsapp/instances", new { InstanceCount = 3 });

        deploy.GetProperty("spec").GetProperty("instance_count").GetInt32().Should().Be(3);
        deploy.GetProperty("instances").GetArrayLength().Should().Be(3);
    }

    [Test]
    public async Task RollBack_WithNothingToGoBackTo_Is409()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.SendAsync(HttpMethod.Post, "/v1/services/railsapp/rollback")).ShouldBeProblem(HttpStatusCode.Conflict);
    }

    [TestCase("""{"secret_env":{"":"x"}}""", HttpStatusCode.BadRequest)]
    [TestCase("""{"secret_env":{"A":"x"}}""", HttpStatusCode.Conflict)]
    [TestCase("{", HttpStatusCode.BadRequest)]
    public async Task RollBack_WithABody_IsReadByItsRules(string body, HttpStatusCode status)
    {
        await using var server = await ApiServer.StartAsync();

        (await server.PostAsync("/v1/services/railsapp/rollback", body)).ShouldBeProblem(status);
    }

    [Test]
    public async Task RollBack_Is201WithTheDeployOfTheVersionBefore()
    {
        await using var server = await ApiServer.StartAsync();
        await server.DeployAsync("""{"version":"v1","timestamp":"2015.03.02-00.31.45"}""");
        await server.EndAsync("v1");
        await server.DeployAsync("""{"version":"v2","destroy_previous":true}""");
        await server.EndAsync("v2");

        var answer = await server.SendAsync(HttpMethod.Post, "/v1/services/railsapp/rollback");

        answer.Status.Should().Be(HttpStatusCode.Created);
        answer.Json.GetProperty("version").GetString().Should().Be("v1");
        answer.Headers.Location!.ToString().Should().StartWith($"{Deploys}/v1?timestamp=");
    }

    [Test]
    public async Task Request_WhenTheFleetIsAway_Is503WithTheSocketAndTheCause()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.IsAway = true;
        var watch = Stopwatch.StartNew();

        foreach (var answer in new[]
        {
            await server.DeployAsync("""{"version":"v1"}"""),
            await server.GetAsync("/v1/services"),
            await server.GetAsync("/v1/services/railsapp/units"),
            await server.GetAsync("/readyz"),
            await server.SendAsync(HttpMethod.Delete, $"{Deploys}/v1"),
        })
        {
            answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable).Detail.Should().Be("unix:///run/fleet.sock does not answer: Connection refused");
        }

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        (await server.GetAsync("/healthz")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task Request_WhenTheHistoryIsAway_IsAnsweredByTheFleetOrIs503()
    {
        await using var server = await ApiServer.StartAsync();
        server.History.IsAway = true;

        (await server.DeployAsync("""{"version":"v1"}""")).Status.Should().Be(HttpStatusCode.Created);
        (await server.GetAsync("/readyz")).Status.Should().Be(HttpStatusCode.OK);
        (await server.GetAsync(Deploys)).ShouldBeProblem(HttpStatusCode.ServiceUnavailable);
    }

    [Test]
    public async Task Request_ThatGoesWrongWithinDeployster_Is500AndTellsNothingElse()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.BeforeRead = () => throw new InvalidOperationException("s3cret of the inside");

        var answer = (await server.GetAsync("/v1/services")).ShouldBeProblem(HttpStatusCode.InternalServerError);

        answer.Body.Should().NotContain("s3cret");
        server.Log.Lines.Should().Contain(line => line.Text.Contains("s3cret of the inside", StringComparison.Ordinal));
    }

    [Test]
    public async Task Deploy_WhichItsFleetCannotTake_Is400WithTheField()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.Refusal = new SpecRefusedException("deploy.env.A", "must fit a line of 2048 bytes.");

        var answer = (await server.DeployAsync("""{"version":"v1"}""")).ShouldBeProblem(HttpStatusCode.BadRequest);

        answer.Errors.Should().ContainKey("deploy.env.A");
        answer.Detail.Should().Be("deploy.env.A must fit a line of 2048 bytes.");
    }

    // Fields that are not spoken of here may be there, too.
    private static void ShouldHave(JsonElement answer, string fields)
    {
        foreach (var field in JsonElement.Parse(fields).EnumerateObject())
        {
            answer.GetProperty(field.Name).GetRawText().Should().Be(field.Value.GetRawText(), field.Name);
        }
    }
}
