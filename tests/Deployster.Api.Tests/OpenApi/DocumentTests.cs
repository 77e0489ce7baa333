using System.Net;
using System.Text.Json;

namespace Deployster.Api.Tests.OpenApi;

/// <summary>The document as it is served, and as it is kept for those who generate clients.</summary>
internal sealed class DocumentTests
{
    private ApiServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Document_WhenServed_IsTheOneInDocs()
    {
        var served = (await _server.GetAsync("/swagger/v1/swagger.json")).Body + "\n";
        var file = ProjectFolder.Doc("openapi.json");
        if (ProjectFolder.RenewsDocs)
        {
            await File.WriteAllTextAsync(file, served);
        }

        (await File.ReadAllTextAsync(file)).Should().Be(served, "tests with DEPLOYSTER_RENEW_DOCS=1 renew docs/openapi.json");
    }

    [TestCase("", "3.0.")]
    [TestCase("?version=3.0", "3.0.")]
    [TestCase("?version=3.1", "3.1.")]
    public async Task Document_WhenAVersionIsAskedFor_IsOfThatVersion(string query, string expected)
    {
        var document = await _server.GetAsync($"/swagger/v1/swagger.json{query}");

        document.Json.GetProperty("openapi").GetString().Should().StartWith(expected);
        document.MediaType.Should().Be("application/json");
    }

    [Test]
    public async Task Document_WhenTheVersionIsUnknown_IsAProblem() =>
        (await _server.GetAsync("/swagger/v1/swagger.json?version=2.0")).ShouldBeProblem(HttpStatusCode.BadRequest)
            .Errors.Should().ContainKey("version");

    [TestCase("/swagger/v1/swagger.json")]
    [TestCase("/swagger")]
    [TestCase("/swagger/index.html")]
    [TestCase("/swagger/swagger-ui-bundle.js")]
    public async Task Document_WhenNobodyIsLoggedIn_IsNotServed(string path)
    {
        using var stranger = new HttpClient { BaseAddress = _server.Address };
        using var answer = await stranger.GetAsync(path);

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task Operations_Always_HaveAnIdASummaryAndDescribedParameters()
    {
        var document = (await _server.GetAsync("/swagger/v1/swagger.json")).Json;
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(method => method.Value)
            .ToList();

        operations.Select(operation => operation.GetProperty("operationId").GetString()).Should().OnlyHaveUniqueItems();
        operations.Should().OnlyContain(operation => operation.GetProperty("summary").GetString() != "");
        operations.SelectMany(Parameters).Should().OnlyContain(parameter => parameter.GetProperty("description").GetString() != "");
    }

    [Test]
    public async Task Webhooks_OfVersion31_DescribeEveryEventWithItsBody()
    {
        var document = (await _server.GetAsync("/swagger/v1/swagger.json?version=3.1")).Json;
        var webhooks = document.GetProperty("webhooks").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetProperty("post"));

        webhooks.Keys.Should().BeEquivalentTo(
            "deploy.requested", "deploy.succeeded", "deploy.failed", "deploy.rolled_back", "deploy.cancelled", "task.ended");
        foreach (var (name, operation) in webhooks)
        {
            operation.GetProperty("security").GetArrayLength().Should().Be(0, "nobody logs in at a receiver as here");
            Parameters(operation).Select(parameter => parameter.GetProperty("name").GetString()).Should().Equal(
                "X-Deployster-Event", "X-Deployster-Delivery", "X-Deployster-Signature-256");
            var schema = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
            var body = document.GetProperty("components").GetProperty("schemas").GetProperty(schema.GetProperty("$ref").GetString()!.Split('/')[^1]);
            body.GetProperty("properties").GetProperty("event").GetProperty("enum").EnumerateArray().Select(item => item.GetString())
                .Should().Contain(name);
        }
    }

    [Test]
    public async Task Webhooks_OfVersion30_AreLeftOut() =>
        (await _server.GetAsync("/swagger/v1/swagger.json")).Body.Should().NotContainEquivalentOf("webhook", "it has no words for them");

    private static IEnumerable<JsonElement> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [];
}
