using System.Net;
using Deployster.Api.Authentication;
using Deployster.Api.CommandLine;
using Microsoft.Extensions.Logging;

namespace Deployster.Api.Tests.Security;

/// <summary>Users of a file, besides the one of the command line.</summary>
internal sealed class UsersFileTests
{
    private const string Change = "/v1/services/railsapp/rollback";

    private static readonly string s_ann = UsersFile.Line("ann", "ann's", Roles.Deployer);
    private static readonly string s_bob = UsersFile.Line("bob", "bob's", Roles.Reader);

    private UsersFile _file = null!;
    private ApiServer _server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _file = new UsersFile();
        _file.Write("# who", "", s_ann, s_bob);
        _server = await ApiServer.StartAsync(options => options with { UsersFile = _file.Path });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        _file.Dispose();
    }

    [Test]
    public async Task Reader_WhenAskingForAChange_Is403AndMayLookNevertheless()
    {
        (await SendAsync(HttpMethod.Post, Change, "bob", "bob's")).ShouldBeProblem(HttpStatusCode.Forbidden)
            .Detail.Should().Contain("bob");
        (await SendAsync(HttpMethod.Put, "/v1/services/railsapp/instances", "bob", "bob's")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await SendAsync(HttpMethod.Delete, "/v1/services/railsapp/deploys/v1", "bob", "bob's")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await SendAsync(HttpMethod.Get, "/v1/services", "bob", "bob's")).Status.Should().Be(HttpStatusCode.OK);
    }

    [TestCase("?gateway=edge")]
    [TestCase("?GATEWAY=edge")]
    [TestCase("?gateway=not%20a%20name")]
    public async Task Reader_WhenFollowingTheRoutesAsAGateway_Is403AndToldWhichRoleItTakes(string query) =>
        (await SendAsync(HttpMethod.Get, $"/v1/routes{query}", "bob", "bob's")).ShouldBeProblem(HttpStatusCode.Forbidden)
            .Detail.Should().Be("bob may follow the routes only without ?gateway: a gateway needs the role deployer.");

    [TestCase("bob", "")]
    [TestCase("ann", "")]
    [TestCase("ann", "?gateway=edge")]
    public async Task Routes_WhenFollowedByWhoMay_AreTold(string user, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/routes{query}");
        request.Headers.Authorization = ApiServer.Basic(user, $"{user}'s");

        using var answer = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task Deployer_WhenDeploying_IsNamedByTheDeploy()
    {
        using var body = ApiServer.Json("""{"deploy":{"version":"v1"}}""");

        var answer = await _server.SendAsync(
            HttpMethod.Post, "/v1/services/railsapp/deploys", body, ApiServer.Basic("ann", "ann's"));

        answer.Status.Should().Be(HttpStatusCode.Created, answer.Body);
        answer.Json.GetProperty("requested_by").GetString().Should().Be("ann");
    }

    [TestCase("ann", "ann's", """{"A":"s3cr3t"}""")]
    [TestCase("bob", "bob's", """{"A":null}""")]
    public async Task Deploy_WhenShown_HasTheValuesOfItsVariablesForADeployerAlone(string user, string password, string env)
    {
        using var body = ApiServer.Json("""{"deploy":{"version":"v1","env":{"A":"s3cr3t"},"secret_env":{"B":"t0ken"}}}""");
        await _server.SendAsync(HttpMethod.Post, "/v1/services/railsapp/deploys", body, ApiServer.Basic("ann", "ann's"));

        var one = await SendAsync(HttpMethod.Get, "/v1/services/railsapp/deploys/v1", user, password);
        var all = await SendAsync(HttpMethod.Get, "/v1/services/railsapp/deploys", user, password);

        one.Json.GetProperty("spec").GetProperty("env").GetRawText().Should().Be(env);
        one.Json.GetProperty("spec").GetProperty("secret_env").GetRawText().Should().Be("""["B"]""");
        all.Json.GetProperty("deploys")[0].GetProperty("spec").GetProperty("env").GetRawText().Should().Be(env);
    }

    [Test]
    public async Task LogIn_WithWhatIsNotTheUsers_Is401AndTheCommandLinesUserStillIsRight()
    {
        (await SendAsync(HttpMethod.Get, "/v1/services", "ann", "bob's")).ShouldBeProblem(HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Get, "/v1/services", "carl", "ann's")).ShouldBeProblem(HttpStatusCode.Unauthorized);
        (await _server.GetAsync("/v1/services")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task LogIn_WhenTheFileHasChanged_IsByTheNewOne()
    {
        (await SendAsync(HttpMethod.Get, "/v1/services", "ann", "ann's")).Status.Should().Be(HttpStatusCode.OK);

        _file.Write(s_bob.Replace(Roles.Reader, Roles.Deployer, StringComparison.Ordinal));

        (await SendAsync(HttpMethod.Get, "/v1/services", "ann", "ann's")).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await SendAsync(HttpMethod.Post, Change, "bob", "bob's")).Status.Should().NotBe(HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task LogIn_WhenALinkBehindALinkIsReplaced_IsByTheNewFile()
    {
        // As Kubernetes does it: the file is a link into ..data, which is a link to a folder that changes.
        var folder = Directory.CreateTempSubdirectory("deployster-users-").FullName;
        foreach (var (name, line) in new[] { ("one", s_ann), ("two", s_bob) })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            await File.WriteAllTextAsync(Path.Combine(folder, name, "users"), line + "\n");
            File.SetLastWriteTimeUtc(Path.Combine(folder, name, "users"), DateTime.UnixEpoch);
        }

        var users = Path.Combine(folder, "users");
        Directory.CreateSymbolicLink(Path.Combine(folder, "data"), "one");
        File.CreateSymbolicLink(users, "data/users");
        await using var server = await ApiServer.StartAsync(options => options with { UsersFile = users });
        async Task<HttpStatusCode> AskAsync() => (await server.SendAsync(HttpMethod.Get, "/v1/services", null, ApiServer.Basic("ann", "ann's"))).Status;
        (await AskAsync()).Should().Be(HttpStatusCode.OK);

        Directory.Delete(Path.Combine(folder, "data"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "data"), "two");

        (await AskAsync()).Should().Be(HttpStatusCode.Unauthorized);
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task LogIn_WhenTheFileCannotBeReadAnyMore_GoesOnAsItWasAndTheLogTells()
    {
        _file.Write("ann:");

        (await SendAsync(HttpMethod.Get, "/v1/services", "ann", "ann's")).Status.Should().Be(HttpStatusCode.OK);
        _server.Log.Lines.Should().ContainSingle(line => line.Level == LogLevel.Warning && line.Text.Contains("line 1"));
    }

    [Test]
    public async Task Start_WithAFileThatCannotBeRead_IsRefusedWithTheLine()
    {
        _file.Write("ann:");

        var starting = () => ApiServer.StartAsync(options => options with { UsersFile = _file.Path });

        await starting.Should().ThrowAsync<UsageException>().WithMessage("-users-file: *line 1*");
    }

    [Test]
    public async Task LogIn_WhenOnlyTheFileNamesUsers_HasNoDefaultPassword()
    {
        await using var server = await ApiServer.StartAsync(options => options with { UsersFile = _file.Path, Password = null });

        (await server.SendAsync(HttpMethod.Get, "/v1/services", null, ApiServer.Basic("deployster", ""))).Status
            .Should().Be(HttpStatusCode.Unauthorized);
        (await server.SendAsync(HttpMethod.Get, "/v1/services", null, ApiServer.Basic("ann", "ann's"))).Status
            .Should().Be(HttpStatusCode.OK);
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, string user, string password) => _server.SendAsync(
        method, path, method == HttpMethod.Put ? ApiServer.Json("""{"instance_count":1}""") : null, ApiServer.Basic(user, password));
}
