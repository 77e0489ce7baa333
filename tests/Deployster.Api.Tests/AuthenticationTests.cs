using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Deployster.Api.Tests;

internal sealed class AuthenticationTests
{
    private ApiServer _server = null!;
    private HttpClient _stranger = null!;

    // Of its own for each test: an address that has failed too often is refused.
    [SetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync();
        _stranger = new HttpClient { BaseAddress = _server.Address };
    }

    [TearDown]
    public async Task StopAsync()
    {
        _stranger.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Request_WithTheRightPassword_IsAnswered()
    {
        (await GetAsync(Basic($"deployster:{ApiServer.Password}"))).StatusCode.Should().Be(HttpStatusCode.OK, "it has a colon and letters beyond ASCII");
    }

    [Test]
    public async Task Request_WithTheSchemeInOtherLetters_IsAnswered()
    {
        (await GetAsync(Basic($"deployster:{ApiServer.Password}").Replace("Basic", "bAsIc", StringComparison.Ordinal)))
            .StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static IEnumerable<string?> WrongCredentials() =>
    [
        null,
        "Basic",
        "Basic ",
        "Basic !!!not-base64!!!",
        "Basic YQ",
        "Bearer abc",
        "nonsense",
        Basic("deployster"),
        Basic("deployster:"),
        Basic(":"),
        Basic($":{ApiServer.Password}"),
        Basic("deployster:wrong"),
        Basic($"Deployster:{ApiServer.Password}"),
        Basic($"deployster:{ApiServer.Password} "),
        Basic("deployster:" + ApiServer.Password.ToUpperInvariant()),
        Basic("deployster:pass"),
        $"Basic {Convert.ToBase64String([.. "deployster:"u8, 0xff, 0xfe, 0x80])}",
        $"Basic {Convert.ToBase64String(Encoding.Latin1.GetBytes("deployster:pass:wörd"))}",
        $"{Basic($"deployster:{ApiServer.Password}")}, Basic x",
        Basic(new string('a', 8000)),
    ];

    [TestCaseSource(nameof(WrongCredentials))]
    public async Task Request_WithWrongCredentials_Is401WithAChallenge(string? authorization)
    {
        using var response = await GetAsync(authorization);

        var answer = new Answer(
            response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(), response.Headers);
        answer.ShouldBeProblem(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.Should().ContainSingle().Which.Should().Be(
            new AuthenticationHeaderValue("Basic", "realm=\"Deployster\", charset=\"UTF-8\""));
    }

    [TestCase("/v1/services")]
    [TestCase("/v1/nonsense")]
    [TestCase("/")]
    [TestCase("/healthz/x")]
    public async Task Request_OfAStranger_Is401WhateverItAsksFor(string path)
    {
        using var response = await _stranger.GetAsync(path);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task Request_OfAStrangerWithABadBody_Is401()
    {
        using var content = ApiServer.Json("{");

        using var response = await _stranger.PostAsync("/v1/services/railsapp/deploys", content);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [TestCase("/healthz")]
    [TestCase("/readyz")]
    public async Task Health_OfAStranger_IsAnswered(string path)
    {
        (await _stranger.GetStringAsync(path)).Should().Be("ok\n");
    }

    [Test]
    public async Task Log_AtItsMostTalkative_HoldsNoPassword()
    {
        await _server.DeployAsync("""{"version":"v1","env":{"DATABASE_URL":"postgres://u:s3cret@db/x"}}""");
        await GetAsync(Basic($"deployster:{ApiServer.Password}"));
        await GetAsync(Basic("deployster:wr0ng-password"));
        await GetAsync(Basic("wr0ng-password"));

        _server.Log.Lines.Should().HaveCountGreaterThan(50, "everything is logged");
        string[] secrets =
        [
            ApiServer.Password,
            "wr0ng-password",
            "s3cret",
            Basic($"deployster:{ApiServer.Password}")["Basic ".Length..],
            Basic("deployster:wr0ng-password")["Basic ".Length..],
        ];
        string.Join('\n', _server.Log.Lines.Select(line => line.Text)).Should().NotContainAny(secrets);
    }

    private static string Basic(string credentials) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";

    private async Task<HttpResponseMessage> GetAsync(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/version");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await _stranger.SendAsync(request);
    }
}
