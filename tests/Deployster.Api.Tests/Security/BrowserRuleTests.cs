using System.Net;
using Deployster.Api.CommandLine;

namespace Deployster.Api.Tests.Security;

/// <summary>What keeps other sites' pages, and too large requests, out.</summary>
internal sealed class BrowserRuleTests
{
    private const string Friend = "https://tools.example.com";

    private ApiServer _server = null!;
    private ApiServer _open = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync();
        _open = await ApiServer.StartAsync(options => options with { CorsOrigins = [Friend] });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        await _open.DisposeAsync();
    }

    [TestCase("cross-site", "https://evil.example", true)]
    [TestCase("same-site", "https://other.example.com", true)]
    [TestCase("cross-site", null, true)]
    [TestCase(null, "https://evil.example", true)]
    [TestCase(null, "null", true)]
    [TestCase(null, Friend, true)]
    [TestCase("same-origin", "OWN", false)]
    [TestCase("none", null, false)]
    [TestCase(null, "OWN", false)]
    [TestCase(null, null, false)]
    public async Task Change_FromAPage_IsRefusedWhereThePageIsAnothersSite(string? site, string? origin, bool isRefused)
    {
        using var response = await SendAsync(_server, HttpMethod.Post, site, origin);

        (response.StatusCode == HttpStatusCode.Forbidden).Should().Be(isRefused, response.StatusCode.ToString());
    }

    [Test]
    public async Task Change_FromAnAllowedOrigin_IsTakenAndItsPageMayReadTheAnswer()
    {
        using var response = await SendAsync(_open, HttpMethod.Post, "cross-site", Friend);

        response.StatusCode.Should().NotBe(HttpStatusCode.Forbidden);
        response.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal(Friend);
    }

    [TestCase(Friend, true)]
    [TestCase("https://evil.example", false)]
    public async Task Preflight_WhereOriginsAreAllowed_IsAnsweredForTheseAlone(string origin, bool isAllowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/services/railsapp/rollback");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var response = await _open.Http.SendAsync(request);

        response.Headers.Contains("Access-Control-Allow-Origin").Should().Be(isAllowed);
    }

    [Test]
    public async Task Read_FromAnotherSitesPage_HasNoCorsHeaderByDefault()
    {
        using var response = await SendAsync(_server, HttpMethod.Get, "cross-site", Friend);

        response.Headers.Should().NotContain(header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal));
    }

    [TestCase("/v1/version")]
    [TestCase("/healthz")]
    [TestCase("/nothing")]
    public async Task Answer_OfAnyKind_TellsBrowsersToBeCareful(string path)
    {
        var headers = (await _server.GetAsync(path)).Headers;

        headers.GetValues("Content-Security-Policy").Single().Should()
            .Contain("default-src 'none'").And.Contain("script-src 'self';").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe");
        headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        headers.GetValues("X-Frame-Options").Should().Equal("DENY");
        headers.GetValues("Referrer-Policy").Should().Equal("same-origin");
        headers.GetValues("Cross-Origin-Resource-Policy").Should().Equal("same-origin");
        headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Test]
    public async Task Request_WithHeadersBeyondTheLimits_Is431()
    {
        using var large = new HttpRequestMessage(HttpMethod.Get, "/v1/version");
        large.Headers.Add("X-Large", new string('x', 33 * 1024));
        using var many = new HttpRequestMessage(HttpMethod.Get, "/v1/version");
        for (var number = 0; number < 70; number++)
        {
            many.Headers.Add($"X-{number}", "x");
        }

        using var toLarge = await _server.Http.SendAsync(large);
        using var toMany = await _server.Http.SendAsync(many);

        toLarge.StatusCode.Should().Be(HttpStatusCode.RequestHeaderFieldsTooLarge);
        toMany.StatusCode.Should().Be(HttpStatusCode.RequestHeaderFieldsTooLarge);
    }

    [TestCase("*")]
    [TestCase("null")]
    [TestCase("tools.example.com")]
    [TestCase("https://tools.example.com/page")]
    [TestCase("https://user@tools.example.com")]
    [TestCase("file:///srv")]
    public void CorsOrigin_ThatIsNone_IsAUsageError(string origin)
    {
        var reading = () => CorsOrigins.Read($"{Friend},{origin}");

        reading.Should().Throw<UsageException>().WithMessage($"-cors-origin *'{origin}'.");
    }

    [Test]
    public void CorsOrigin_InAnyWriting_IsTheOneThatBrowsersSend() =>
        CorsOrigins.Read("https://Tools.Example.com:443/, http://localhost:8081").Should().Equal(Friend, "http://localhost:8081");

    private static async Task<HttpResponseMessage> SendAsync(ApiServer server, HttpMethod method, string? site, string? origin)
    {
        using var request = new HttpRequestMessage(
            method, method == HttpMethod.Get ? "/v1/services" : "/v1/services/railsapp/rollback");
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "OWN" ? server.Address.GetLeftPart(UriPartial.Authority) : origin);
        }

        return await server.Http.SendAsync(request);
    }
}
