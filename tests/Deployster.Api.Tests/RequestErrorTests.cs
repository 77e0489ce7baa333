using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Deployster.Api.Tests;

/// <summary>Requests that cannot be read, or are against the rules.</summary>
internal sealed class RequestErrorTests
{
    private ApiServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCase("""{"version":"v1","colour":"red"}""", "deploy.colour", "is unknown.")]
    [TestCase("""{"version":"v1","Version":"v1"}""", "deploy.Version", "is unknown.")]
    [TestCase("""{"version":"v1","destroyPrevious":true}""", "deploy.destroyPrevious", "is unknown.")]
    [TestCase("""{"version":"v1","health_check":{"path":"/","retries":3}}""", "deploy.health_check.retries", "is unknown.")]
    [TestCase("""{"version":"v1","health_check":{"health_check":{}}}""", "deploy.health_check.health_check", "is unknown.")]
    [TestCase("""{"version":7}""", "deploy.version", "must be a text.")]
    [TestCase("""{"version":["v1"]}""", "deploy.version", "must be a text.")]
    [TestCase("""{"version":{}}""", "deploy.version", "must be a text.")]
    [TestCase("""{"version":"v1","timestamp":20150302}""", "deploy.timestamp", "must be a text.")]
    [TestCase("""{"version":"v1","destroy_previous":"yes"}""", "deploy.destroy_previous", "must be true or false.")]
    [TestCase("""{"version":"v1","destroy_previous":null}""", "deploy.destroy_previous", "must be true or false.")]
    [TestCase("""{"version":"v1","destroy_previous":1}""", "deploy.destroy_previous", "must be true or false.")]
    [TestCase("""{"version":"v1","instance_count":"3"}""", "deploy.instance_count", "must be a whole number.")]
    [TestCase("""{"version":"v1","instance_count":1.5}""", "deploy.instance_count", "must be a whole number.")]
    [TestCase("""{"version":"v1","instance_count":99999999999}""", "deploy.instance_count", "must be a whole number.")]
    [TestCase("""{"version":"v1","instance_count":1e400}""", "deploy.instance_count", "must be a whole number.")]
    [TestCase("""{"version":"v1","instance_count":true}""", "deploy.instance_count", "must be a whole number.")]
    [TestCase("""{"version":"v1","instance_count":[1]}""", "deploy.instance_count", "must be a whole number.")]
    [TestCase("""{"version":"v1","port":"3000"}""", "deploy.port", "must be a whole number.")]
    [TestCase("""{"version":"v1","cpus":"1"}""", "deploy.cpus", "must be a number.")]
    [TestCase("""{"version":"v1","cpus":1e400}""", "deploy.cpus", "must be a number.")]
    [TestCase("""{"version":"v1","memory":512}""", "deploy.memory", "must be a text.")]
    [TestCase("""{"version":"v1","env":["A=1"]}""", "deploy.env", "must be an object of texts.")]
    [TestCase("""{"version":"v1","env":"A=1"}""", "deploy.env", "must be an object of texts.")]
    [TestCase("""{"version":"v1","env":{"A":1}}""", "deploy.env.A", "must be a text.")]
    [TestCase("""{"version":"v1","volumes":"/a:/b"}""", "deploy.volumes", "must be a list of texts.")]
    [TestCase("""{"version":"v1","volumes":{"/a":"/b"}}""", "deploy.volumes", "must be a list of texts.")]
    [TestCase("""{"version":"v1","volumes":["/a:/b",1]}""", "deploy.volumes[1]", "must be a text.")]
    [TestCase("""{"version":"v1","command":1}""", "deploy.command", "must be a text or a list of texts.")]
    [TestCase("""{"version":"v1","command":{}}""", "deploy.command", "must be a text or a list of texts.")]
    [TestCase("""{"version":"v1","command":["a",1]}""", "deploy.command", "must be a text or a list of texts.")]
    [TestCase("""{"version":"v1","health_check":"/health"}""", "deploy.health_check", "must be an object.")]
    [TestCase("""{"version":"v1","health_check":["/health"]}""", "deploy.health_check", "must be an object.")]
    [TestCase("""{"version":"v1","health_check":{"path":1}}""", "deploy.health_check.path", "must be a text.")]
    [TestCase("""{"version":"v1","health_check":{"path":"/","interval":"1"}}""", "deploy.health_check.interval", "must be a whole number.")]
    [TestCase("""{"version":"v1","health_check":{"path":"/","timeout":0.5}}""", "deploy.health_check.timeout", "must be a whole number.")]
    [TestCase("""{"version":"v1","min_healthy_seconds":"5"}""", "deploy.min_healthy_seconds", "must be a whole number.")]
    [TestCase("""{"version":"v1","deadline":null,"deadline":5}""", "deploy.deadline", "stands there twice.")]
    [TestCase("""{"version":"v1","version":"v2"}""", "deploy.version", "stands there twice.")]
    [TestCase("""{"version":"v1","env":{"A":"1","A":"2"}}""", "deploy.env.A", "stands there twice.")]
    [TestCase("\"v1\"", "deploy", "must be an object.")]
    [TestCase("[]", "deploy", "must be an object.")]
    [TestCase("null", "deploy", "is missing.")]
    [TestCase("{}", "deploy.version", "is missing.")]
    [TestCase("""{"version":null}""", "deploy.version", "is missing.")]
    [TestCase("""{"version":""}""", "deploy.version", "must be letters*not ''.")]
    [TestCase("""{"version":"v 1"}""", "deploy.version", "must be letters*not 'v 1'.")]
    [TestCase("""{"version":"../../etc/passwd"}""", "deploy.version", "must be letters*not '../../etc/passwd'.")]
    [TestCase("""{"version":"v1\n"}""", "deploy.version", "must be letters*")]
    [TestCase("""{"version":"v1\u0000"}""", "deploy.version", "must be letters*")]
    [TestCase("""{"version":"v1","timestamp":"now"}""", "deploy.timestamp", "must be a date and time*not 'now'.")]
    [TestCase("""{"version":"v1","instance_count":0}""", "deploy.instance_count", "must be from 1 to 1000, not 0.")]
    [TestCase("""{"version":"v1","instance_count":1001}""", "deploy.instance_count", "must be from 1 to 1000, not 1001.")]
    [TestCase("""{"version":"v1","env":{"A=B":"1"}}""", "deploy.env", "has the name 'A=B'*")]
    [TestCase("""{"version":"v1","env":{"A":"1\u0000"}}""", "deploy.env.A", "must be text*")]
    [TestCase("""{"version":"v1","memory":"64m","clear":["memory"]}""", "deploy.clear", "must not hold 'memory', which the deploy sets.")]
    [TestCase("""{"version":"v1","clear":["timestamp"]}""", "deploy.clear", "must hold names of fields*not 'timestamp'.")]
    [TestCase("""{"version":"v1","stop_timeout":3601}""", "deploy.stop_timeout", "must be from 1 to 3600, not 3601.")]
    [TestCase("""{"version":"v1","health_check":{}}""", "deploy.health_check.path", "must be a path*")]
    public async Task Deploy_AgainstARule_Is400WithTheFieldAndTheRule(string deploy, string field, string message)
    {
        var answer = (await _server.DeployAsync(deploy)).ShouldBeProblem(HttpStatusCode.BadRequest);

        answer.Errors.Should().ContainSingle(answer.Body).Which.Key.Should().Be(field);
        answer.Errors[field].Should().Match(message);
        answer.Detail.Should().StartWith($"{field} ");
    }

    [TestCase("", "body", "is missing.")]
    [TestCase("null", "body", "is missing.")]
    [TestCase("   ", "body", "*")]
    [TestCase("{", "body", "is no valid JSON: *")]
    [TestCase("not json", "body", "is no valid JSON: *")]
    [TestCase("{} {}", "body", "is no valid JSON: *")]
    [TestCase("{\"deploy\":{\"version\":\"v1\"},}", "body", "is no valid JSON: *")]
    [TestCase("[]", "body", "must be an object.")]
    [TestCase("7", "body", "must be an object.")]
    [TestCase("{}", "deploy", "is missing.")]
    [TestCase("{\"deploy\":{\"version\":\"v1\",}}", "deploy", "is no valid JSON: *")]
    [TestCase("{\"version\":\"v1\"}", "version", "is unknown.")]
    [TestCase("{\"deploy\":{\"version\":\"v1\"},\"task\":{}}", "task", "is unknown.")]
    [TestCase("{\"deploy\":{},\"deploy\":{}}", "deploy", "stands there twice.")]
    public async Task Deploy_WithABodyThatIsNone_Is400(string body, string field, string message)
    {
        var answer = (await _server.PostAsync("/v1/services/railsapp/deploys", body)).ShouldBeProblem(HttpStatusCode.BadRequest);

        answer.Errors.Should().ContainSingle(answer.Body).Which.Key.Should().Be(field);
        answer.Errors[field].Should().Match(message);
    }

    [TestCase("""{"deploy":{"version":"\ud800"}}""")]
    [TestCase("""{"deploy":{"version":"v1","env":{"A":"\udc00x"}}}""")]
    [TestCase("""{"deploy":{"version":"v1","env":{"\ud800":"x"}}}""")]
    [TestCase("""{"deploy":{"version":"v1","\ud800":"x"}}""")]
    [TestCase("""{"deploy":{"version":"v1","command":["\ud800"]}}""")]
    [TestCase("""{"deploy":{"version":"v1","command":"\ud800"}}""")]
    [TestCase("""{"deploy":{"version":"v1","volumes":["\ud800"]}}""")]
    [TestCase("""{"deploy":{"version":"v1","health_check":{"path":"\ud800"}}}""")]
    public async Task Deploy_WithALoneSurrogate_Is400(string body)
    {
        (await _server.PostAsync("/v1/services/railsapp/deploys", body)).ShouldBeProblem(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Deploy_WithBytesThatAreNoUtf8_Is400()
    {
        using var content = new ByteArrayContent([.. "{\"deploy\":{\"version\":\""u8, 0xff, 0xfe, .. "\"}}"u8]);
        content.Headers.ContentType = new("application/json");

        (await _server.SendAsync(HttpMethod.Post, "/v1/services/railsapp/deploys", content)).ShouldBeProblem(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Deploy_NestedTooDeep_Is400()
    {
        (await _server.DeployAsync(new string('[', 5000))).ShouldBeProblem(HttpStatusCode.BadRequest);
    }

    [TestCase("{}", "instance_count", "is missing.")]
    [TestCase("{\"instance_count\":null}", "instance_count", "is missing.")]
    [TestCase("{\"instance_count\":0}", "instance_count", "must be from 1 to 1000, not 0.")]
    [TestCase("{\"instance_count\":\"3\"}", "instance_count", "must be a whole number.")]
    [TestCase("{\"instance_count\":1.5}", "instance_count", "must be a whole number.")]
    [TestCase("{\"count\":3}", "count", "is unknown.")]
    [TestCase("", "body", "is missing.")]
    public async Task Scale_AgainstARule_Is400WithTheFieldAndTheRule(string body, string field, string message)
    {
        using var content = ApiServer.Json(body);
        var answer = (await _server.SendAsync(HttpMethod.Put, "/v1/services/railsapp/instances", content)).ShouldBeProblem(HttpStatusCode.BadRequest);

        answer.Errors.Should().ContainSingle(answer.Body).Which.Key.Should().Be(field);
        answer.Errors[field].Should().Be(message);
    }

    [TestCase("/v1/services/Rails/units", "service")]
    [TestCase("/v1/services/-/units", "service")]
    [TestCase("/v1/services/a%2Fb/units", "service")]
    [TestCase("/v1/services/a%20b/units", "service")]
    [TestCase("/v1/services/a%0Ab/units", "service")]
    [TestCase("/v1/services/a%3Ab/units", "service")]
    [TestCase("/v1/services/a%25/units", "service")]
    [TestCase("/v1/services/%C3%BC/units", "service")]
    [TestCase("/v1/services/%ff%fe/units", "service")]
    [TestCase("/v1/services/..a/units", "service")]
    [TestCase("/v1/services/railsapp/deploys/v%3A1", "version")]
    [TestCase("/v1/services/railsapp/deploys/..%2F..", "version")]
    [TestCase("/v1/services/railsapp/deploys/v1?timestamp=now", "timestamp")]
    [TestCase("/v1/services/railsapp/deploys/v1?timestamp=2015.13.01-00.00.00", "timestamp")]
    [TestCase("/v1/services/railsapp/deploys/v1/events?timestamp=now", "timestamp")]
    [TestCase("/v1/services/railsapp/deploys?limit=0", "limit")]
    [TestCase("/v1/services/railsapp/deploys?limit=many", "limit")]
    [TestCase("/v1/services/railsapp/deploys?cursor=nonsense", "cursor")]
    public async Task Path_AgainstTheGrammar_Is400WithTheField(string path, string field)
    {
        var answer = (await _server.GetAsync(path)).ShouldBeProblem(HttpStatusCode.BadRequest);

        answer.Errors.Should().ContainSingle(answer.Body).Which.Key.Should().Be(field);
    }

    [TestCase("deploys?limit=many", "limit", "must be a whole number, not 'many'.")]
    [TestCase("deploys?limit=99999999999", "limit", "must be a whole number, not '99999999999'.")]
    [TestCase("deploys?limit=", "limit", "must not be empty.")]
    [TestCase("deploys?limit=1&limit=2", "limit", "stands there twice.")]
    [TestCase("deploys?limits=1", "limits", "is unknown.")]
    [TestCase("deploys/v1?timestamp=", "timestamp", "must not be empty.")]
    [TestCase("units/1/logs?follow=maybe", "follow", "must be true or false, not 'maybe'.")]
    [TestCase("units/1/logs?tail=abc", "tail", "must be a whole number, not 'abc'.")]
    [TestCase("units/1/logs?tail=-1", "tail", "must be 0 or more, not -1.")]
    public async Task Query_AgainstARule_Is400WithTheParameterAndTheRule(string path, string parameter, string message)
    {
        var answer = (await _server.GetAsync($"/v1/services/railsapp/{path}")).ShouldBeProblem(HttpStatusCode.BadRequest);

        answer.Errors.Should().ContainSingle(answer.Body).Which.Should().Be(KeyValuePair.Create(parameter, message));
    }

    [Test]
    public async Task Deploy_WithAMisspeltDryRun_Is400AndDeploysNothing()
    {
        var answer = await _server.PostAsync("/v1/services/misspelt/deploys?dryrun=true", """{"deploy":{"version":"v1"}}""");

        answer.ShouldBeProblem(HttpStatusCode.BadRequest).Errors.Should().ContainKey("dryrun");
        (await _server.GetAsync("/v1/services/misspelt/units")).Json.GetProperty("units").GetArrayLength().Should().Be(0);
    }

    [Test]
    public async Task Problem_ToWhomAcceptsSomethingElse_IsToldAllTheSame(
        [Values("text/event-stream", "text/html", "application/xml")] string accept,
        [Values("GET /v1/nonsense 404", "PATCH /v1/services 405", "POST /v1/services/railsapp/deploys 415", "DELETE /v1/tasks/x 404")] string request)
    {
        var words = request.Split(' ');
        using var message = new HttpRequestMessage(new HttpMethod(words[0]), words[1]);
        message.Headers.Accept.ParseAdd(accept);

        using var response = await _server.Http.SendAsync(message);

        var answer = new Answer(
            response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(), response.Headers);
        answer.ShouldBeProblem(Enum.Parse<HttpStatusCode>(words[2]));
    }

    [Test]
    public async Task Path_OfAVeryLongName_Is400()
    {
        (await _server.GetAsync($"/v1/services/{new string('a', 5000)}/units")).ShouldBeProblem(HttpStatusCode.BadRequest);
    }

    [TestCase("/v1/services/../../etc/passwd")]
    [TestCase("/v1/services/%2e%2e/%2e%2e/etc/passwd")]
    [TestCase("/v1/nonsense")]
    [TestCase("/v1/services/railsapp/units/x")]
    public async Task Path_OfNoRoute_Is404(string path)
    {
        (await _server.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [TestCase("DELETE", "/v1/services")]
    [TestCase("PATCH", "/v1/services/railsapp/deploys")]
    [TestCase("GET", "/v1/services/railsapp/rollback")]
    [TestCase("DELETE", "/healthz")]
    [TestCase("POST", "/readyz")]
    [TestCase("PUT", "/metrics")]
    public async Task Method_ThatIsNone_Is405(string method, string path)
    {
        var answer = (await _server.SendAsync(new HttpMethod(method), path)).ShouldBeProblem(HttpStatusCode.MethodNotAllowed);

        answer.Status.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("application/xml")]
    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase("application/json; charset=iso-8859-1")]
    [TestCase("application/json;charset=")]
    public async Task Deploy_InAnotherMediaType_Is415(string mediaType)
    {
        using var content = new ByteArrayContent("{\"deploy\":{\"version\":\"v1\"}}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        (await _server.SendAsync(HttpMethod.Post, "/v1/services/railsapp/deploys", content)).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType);
    }

    [Test]
    public async Task Deploy_WithoutAMediaType_Is415()
    {
        using var content = new ByteArrayContent("{\"deploy\":{\"version\":\"v1\"}}"u8.ToArray());

        (await _server.SendAsync(HttpMethod.Post, "/v1/services/railsapp/deploys", content)).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType);
    }

    [Test]
    public async Task Deploy_WithABodyOver64KiB_Is413([Values] bool isChunked)
    {
        using var content = ApiServer.Json($"{{\"deploy\":{{\"version\":\"{new string('v', 65 * 1024)}\"}}}}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/services/railsapp/deploys") { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;

        using var response = await _server.Http.SendAsync(request);

        var answer = new Answer(
            response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(), response.Headers);
        answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge).Detail.Should().Be("The body is larger than 64 KiB.");
    }

    [Test]
    public async Task Deploy_WithABodyOf64KiB_IsRead()
    {
        var body = """{"deploy":{"version":"v 1"}}""";

        (await _server.PostAsync("/v1/services/railsapp/deploys", body.PadRight(64 * 1024))).ShouldBeProblem(HttpStatusCode.BadRequest)
            .Errors.Should().ContainKey("deploy.version");
    }

    [Test]
    public async Task Request_ThatIsNoHttp_DoesNotStopTheServer()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
        await client.GetStream().WriteAsync(new byte[] { 0, 1, 2, 0xff, 13, 10, 13, 10 });

        (await _server.GetAsync("/v1/version")).Status.Should().Be(HttpStatusCode.OK);
    }
}
