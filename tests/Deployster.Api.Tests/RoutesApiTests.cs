using System.Net;

namespace Deployster.Api.Tests;

/// <summary>Routes as gateways follow them, and the host names of services.</summary>
internal sealed class RoutesApiTests
{
    private const string Unit = "railsapp:v1:2015.03.02-00.31.45@1.service";

    private ApiServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Routes_WhenFollowed_AreToldAsAnEventAndAgainWhenTheyChange()
    {
        using var answer = await _server.Http.GetAsync("/v1/routes?gateway=edge", HttpCompletionOption.ResponseHeadersRead);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await ReadAsync(events)).Should().MatchRegex("""^\{"version":\d+,"routes":\[\]\}$""");

        await _server.DeployAsync("""{"version":"v1","timestamp":"2015.03.02-00.31.45","hosts":["www.example.com"]}""");

        (await ReadAsync(events)).Should().Contain(
            $$"""[{"service":"railsapp","hosts":["railsapp.localhost","www.example.com"],"units":[{"unit":"{{Unit}}","endpoint":null,"traffic":"ill"}],"path_prefix":null,""");
    }

    [Test]
    public async Task Routes_WhenNobodyIsLoggedIn_AreNotTold()
    {
        using var stranger = new HttpClient { BaseAddress = _server.Address };
        using var answer = await stranger.GetAsync("/v1/routes");

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task Drained_WhenAGatewayTells_Is204() =>
        (await _server.PostAsync("/v1/routes/edge/drained", $$"""{"unit":"{{Unit}}","version":1}""")).Status
            .Should().Be(HttpStatusCode.NoContent);

    [Test]
    public async Task Drained_WhenTheUnitIsNone_SaysSo() =>
        (await _server.PostAsync("/v1/routes/edge/drained", """{"unit":"other.service","version":1}"""))
            .ShouldBeProblem(HttpStatusCode.BadRequest).Errors.Should().ContainKey("unit");

    [Test]
    public async Task Gateway_WhenItsNameIsNone_IsRefused() =>
        (await _server.GetAsync("/v1/routes?gateway=a%20b")).ShouldBeProblem(HttpStatusCode.BadRequest).Errors.Should().ContainKey("gateway");

    [Test]
    public async Task Hosts_WhenOneIsNoHostName_AreRefused() =>
        (await _server.DeployAsync("""{"version":"v1","hosts":["www.example.com","http://x"]}"""))
            .ShouldBeProblem(HttpStatusCode.BadRequest).Errors.Should().ContainKey("deploy.hosts[1]");

    [Test]
    public async Task Hosts_WhenAnotherServiceHasOne_AreAConflict()
    {
        await _server.DeployAsync("""{"version":"v1","hosts":["www.example.com"]}""");

        var answer = await _server.PostAsync(
            "/v1/services/other/deploys", """{"deploy":{"version":"v1","hosts":["www.example.com"]}}""");

        answer.ShouldBeProblem(HttpStatusCode.Conflict).Detail.Should().Be("The host name www.example.com belongs to the service railsapp.");
    }

    [Test]
    public async Task Hosts_WhenLeftOut_AreInherited()
    {
        await _server.DeployAsync("""{"version":"v1","hosts":["www.example.com"]}""");
        await _server.EndAsync("v1");

        var inherited = await _server.DeployAsync("""{"version":"v2"}""");

        inherited.Json.GetProperty("spec").GetProperty("hosts").EnumerateArray().Select(host => host.GetString()).Should().Equal("www.example.com");
    }

    private static async Task<string> ReadAsync(StreamReader events)
    {
        while (await events.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line["data: ".Length..];
            }
        }

        throw new EndOfStreamException();
    }
}
