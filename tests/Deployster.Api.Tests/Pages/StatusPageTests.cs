using System.Net;
using System.Text.RegularExpressions;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Tasks;
using Deployster.Domain.Units;
using NSubstitute;

namespace Deployster.Api.Tests.Pages;

internal sealed partial class StatusPageTests
{
    private ApiServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCase("/")]
    [TestCase("/services/railsapp/deploys/v1")]
    [TestCase("/pages/status.css")]
    [TestCase("/pages/status.js")]
    public async Task Page_WithoutAPassword_Is401(string path) =>
        (await _server.SendAsync(HttpMethod.Get, path, null, new("Bearer", "none"))).Status.Should().Be(HttpStatusCode.Unauthorized);

    [Test]
    public async Task Overview_WithNothingDeployed_SaysSo()
    {
        var answer = await _server.GetAsync("/");

        answer.Status.Should().Be(HttpStatusCode.OK);
        answer.MediaType.Should().Be("text/html");
        answer.Body.Should().Contain("Nothing is deployed yet.").And.Contain("None yet.");
    }

    [Test]
    public async Task Overview_WithUnitsAndDeploys_ShowsThemAndNeedsNothingFromElsewhere()
    {
        await _server.DeployAsync("""{"version":"v1","instance_count":2}""");
        await _server.EndAsync("v1");

        var page = (await _server.GetAsync("/")).Body;

        page.Should().Contain("2 of 2 healthy").And.Contain("healthy").And.Contain(">m1<")
            .And.Contain("railsapp:v1</a>").And.Contain("by deployster");
        Address().Matches(page).Select(match => match.Groups["address"].Value).Should().NotBeEmpty()
            .And.OnlyContain(address => address.StartsWith('/') || address.StartsWith('#'));
        page.Should().NotContain("<style").And.NotContain(" style=").And.NotContain("<script>").And.NotContain(" onclick");
        foreach (var address in (string[])["/pages/status.css", "/pages/status.js", "/pages/icon.svg"])
        {
            page.Should().Contain(address);
            (await _server.GetAsync(address)).Status.Should().Be(HttpStatusCode.OK);
        }
    }

    [Test]
    public async Task Overview_WhenAServicesUnitsAreGone_StillTellsHowItsDeployEnded()
    {
        _server.Fleet.Becomes = _ => (Phase.Failed, null);
        await _server.DeployAsync("""{"version":"v1","destroy_previous":true}""");
        await _server.EndAsync("v1");

        (await _server.GetAsync("/")).Body.Should().Contain("railsapp:v1</a>").And.Contain("failed");
    }

    [Test]
    public async Task Deploy_WhoseReasonHoldsMarkup_ShowsItAsText()
    {
        _server.Fleet.Becomes = _ => (Phase.Failed, null);
        _server.Fleet.LastLines = (_, _) => ["<script>alert(\"1\")</script> & so on"];
        await _server.DeployAsync("""{"version":"v1"}""");
        await _server.EndAsync("v1");

        var page = (await _server.GetAsync("/services/railsapp/deploys/v1")).Body;

        page.Should().Contain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; so on").And.NotContain("<script>alert");
        page.Should().Contain("""class="reason""").And.Contain("<ol class=\"events\"><li>");
    }

    [TestCase("/services/railsapp/deploys/v9", HttpStatusCode.NotFound)]
    [TestCase("/services/RAILS/deploys/v9", HttpStatusCode.NotFound)]
    [TestCase("/services/railsapp/deploys/v9?timestamp=now", HttpStatusCode.NotFound)]
    public async Task Deploy_ThatThereIsNot_Is404AsAPage(string path, HttpStatusCode status)
    {
        var answer = await _server.GetAsync(path);

        answer.Status.Should().Be(status);
        answer.MediaType.Should().Be("text/html");
    }

    [Test]
    public async Task Overview_OfSeveralServicesWithTasks_AsksForThemOnce()
    {
        var tasks = Substitute.For<ITaskHistory>();
        tasks.ListAsync(default, default, default, default)
            .ReturnsForAnyArgs(new TaskPage([TaskOf("worker"), TaskOf("railsapp")], null));
        await using var server = await ApiServer.StartAsync(tasks: tasks);
        await server.DeployAsync("""{"version":"v1"}""");
        await server.PostAsync("/v1/services/worker/deploys", """{"deploy":{"version":"v1"}}""");

        var page = (await server.GetAsync("/")).Body;

        page.Should().Contain("worker: rake").And.Contain("railsapp: rake");
        await tasks.ReceivedWithAnyArgs(1).ListAsync(default, default, default, default);
    }

    [Test]
    public async Task Overview_OfSeveralServices_AsksForTheirDeploysOnce()
    {
        await _server.DeployAsync("""{"version":"v1"}""");
        await _server.PostAsync("/v1/services/worker/deploys", """{"deploy":{"version":"v1"}}""");

        var page = (await _server.GetAsync("/")).Body;

        page.Should().Contain("railsapp:v1</a>").And.Contain("worker:v1</a>");
        _server.History.Lists.Should().Be(1);
    }

    [Test]
    public async Task Overview_WhenTheFleetIsAway_Is503AsAPageThatSaysWhy()
    {
        _server.Fleet.IsAway = true;

        var answer = await _server.GetAsync("/");

        answer.Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Body.Should().Contain("Connection refused");
    }

    [Test]
    public async Task Overview_WhenTheHistoryIsAway_ShowsTheUnitsNevertheless()
    {
        await _server.DeployAsync("""{"version":"v1"}""");
        await _server.EndAsync("v1");
        _server.History.IsAway = true;

        (await _server.GetAsync("/")).Body.Should().Contain("1 of 1 healthy").And.Contain("The history cannot be read");
    }

    private static TaskRecord TaskOf(string service) => new()
    {
        Id = TaskId.New(DateTimeOffset.UnixEpoch),
        Service = ServiceName.Parse(service),
        Version = VersionTag.Parse("v1"),
        Image = $"mycompany/{service}:v1",
        Command = ["rake"],
        Timeout = TimeSpan.FromMinutes(10),
        RequestedAt = DateTimeOffset.UnixEpoch,
    };

    [GeneratedRegex("(href|src)=\"(?<address>[^\"]*)\"")]
    private static partial Regex Address();
}
