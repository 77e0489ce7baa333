using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Deployster.Api.CommandLine;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Pruning;
using Deployster.Application.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Deployster.Api.Tests;

/// <summary>The real server on a loopback port, over a fleet and a history that a test holds in its hands.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    public const string Password = "pass:wörd 🚀";

    private readonly WebApplication _app;
    private readonly DirectoryInfo _data;

    private ApiServer(WebApplication app, DirectoryInfo data, InMemoryFleet fleet, FakeHistory history, LogCapture log)
    {
        (_app, _data) = (app, data);
        (Fleet, History, Log) = (fleet, history, log);
        Address = new Uri(app.Urls.Single());
        Client = new DeploysterClient(Address, "deployster", Password);
    }

    public InMemoryFleet Fleet { get; }

    public FakeHistory History { get; }

    public LogCapture Log { get; }

    public Uri Address { get; }

    public DeploysterClient Client { get; }

    public HttpClient Http => Client.Http;

    public static async Task<ApiServer> StartAsync(
        Func<DeploysterOptions, DeploysterOptions>? change = null, ITaskHistory? tasks = null)
    {
        var (fleet, history, log) = (new InMemoryFleet(), new FakeHistory(), new LogCapture());
        var data = Directory.CreateTempSubdirectory("deployster-");
        var options = new DeploysterOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Password = Password,
            ImagePrefix = "mycompany",
            Data = data.FullName,
        };
        var app = DeploysterServer.Build(change?.Invoke(options) ?? options, services => Add(services, tasks)
            .AddSingleton<IFleetClient>(fleet)
            .AddSingleton<IDeployHistory>(history)
            .AddSingleton<IImageStore>(new FakeImageStore())
            .AddLogging(logging => logging.ClearProviders().AddProvider(log))
            .Configure<LoggerFilterOptions>(filter =>
            {
                filter.Rules.Clear();
                filter.MinLevel = LogLevel.Trace;
            }));
        await app.StartAsync();
        return new ApiServer(app, data, fleet, history, log);
    }

    private static IServiceCollection Add(IServiceCollection services, ITaskHistory? tasks) =>
        tasks is null ? services : services.AddSingleton(tasks);

    /// <summary>Sends a body as it is.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = authorization;
        using var response = await Http.SendAsync(request);
        return new Answer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(),
            response.Headers);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, Json(json));

    /// <summary>Posts what stands under <c>deploy</c>.</summary>
    public Task<Answer> DeployAsync(string deploy) => PostAsync("/v1/services/railsapp/deploys", $$"""{"deploy":{{deploy}}}""");

    /// <summary>Waits until a rollout of railsapp has ended.</summary>
    public Task<JsonElement> EndAsync(string version) => Client.WaitForEndAsync("railsapp", version);

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _data.Delete(recursive: true);
    }

    /// <summary>The header of somebody who logs in.</summary>
    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public static StringContent Json(string json) => new(json, new UTF8Encoding(false), "application/json");
}

/// <summary>What the server said.</summary>
internal sealed record Answer(HttpStatusCode Status, string? MediaType, string Body, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>What is wrong, by field; the answer must be a problem.</summary>
    public IReadOnlyDictionary<string, string> Errors => Json.GetProperty("errors").EnumerateObject()
        .ToDictionary(error => error.Name, error => string.Join(' ', error.Value.EnumerateArray()));

    public string Detail => Json.GetProperty("detail").GetString()!;

    /// <summary>Holds a problem to RFC 9457 and to what must never reach a client.</summary>
    public Answer ShouldBeProblem(HttpStatusCode status)
    {
        Status.Should().Be(status, Body);
        MediaType.Should().Be("application/problem+json");
        Json.GetProperty("status").GetInt32().Should().Be((int)status);
        Json.GetProperty("title").GetString().Should().NotBeNullOrEmpty();
        Body.Should().NotContainAny(
            "   at ", "Exception", "System.", "Deployster.Api", "Deployster.Application", "Int32", "Boolean", "Nullable", "Dictionary`", "LineNumber", "Within:", "Path:", ".NET", ".cs:");
        return this;
    }
}
