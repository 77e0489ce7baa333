using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Deployster.FleetStandIn;
using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Contract;

/// <summary>Servers in all the situations in which they answer differently, and services on the tests' engine.</summary>
internal sealed class ContractScene : IAsyncDisposable
{
    private const string ReaderPassword = "onlylooking";

    // So that nobody else's logins are refused.
    private static readonly IPAddress s_guesser = IPAddress.Parse("127.0.0.77");

    private readonly TestEngine _engine = new();
    private readonly ConcurrentBag<IAsyncDisposable> _parts = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("deployster-contract-").FullName;

    private ContractScene()
    {
    }

    /// <summary>Drives the engine.</summary>
    public DeploysterProcess Docker { get; private set; } = null!;

    /// <summary>Drives a Fleet cluster.</summary>
    public DeploysterProcess Cluster { get; private set; } = null!;

    /// <summary>Reaches neither fleet nor engine, and has a history that cannot be read.</summary>
    public DeploysterProcess Blind { get; private set; } = null!;

    /// <summary>Has come up again without its engine, and cannot keep which services are closed.</summary>
    public DeploysterProcess Restarted { get; private set; } = null!;

    /// <summary>Somebody who may only look.</summary>
    public HttpClient Reader { get; private set; } = null!;

    public HttpClient Stranger { get; private set; } = null!;

    /// <summary>Somebody whose logins all fail.</summary>
    public HttpClient Guesser { get; private set; } = null!;

    /// <summary>Has v1 and v2, which runs.</summary>
    public string Service { get; private set; } = null!;

    /// <summary>Has v1 and v2, which runs; for changes.</summary>
    public string ChangedService { get; private set; } = null!;

    /// <summary>Has v1, which a v2 that is never healthy replaces.</summary>
    public string StuckService { get; private set; } = null!;

    /// <summary>A task that has ended.</summary>
    public string EndedTask { get; private set; } = null!;

    /// <summary>A task that runs until it is cancelled.</summary>
    public string RunningTask { get; private set; } = null!;

    /// <summary>A task of <see cref="Restarted"/>, of which nobody knows how it does.</summary>
    public string ForgottenTask { get; private set; } = null!;

    public DescribedApi Api { get; private set; } = null!;

    public static async Task<ContractScene> StartAsync()
    {
        var scene = new ContractScene();
        try
        {
            await Task.WhenAll(scene.StartDockerAsync(), scene.StartClusterAsync(), scene.StartBlindAsync());
            await scene.StartRestartedAsync();
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { Reader, Stranger, Guesser })
        {
            client?.Dispose();
        }

        foreach (var part in _parts)
        {
            await part.DisposeAsync();
        }

        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartDockerAsync()
    {
        var users = Path.Combine(_folder, "users");
        var (_, hash, _) = await DeploysterProcess.RunAsync(["hash-password"], input: ReaderPassword);
        await File.WriteAllTextAsync(users, $"looker:{hash.Trim()}:reader\n");
        Docker = await StartAsync("/readyz", OnEngine($"-users-file={users}"));
        Reader = new DeploysterClient(Docker.Address, "looker", ReaderPassword).Http;
        Stranger = new HttpClient { BaseAddress = Docker.Address };
        Guesser = CreateGuesser(Docker.Address);
        Api = new DescribedApi(JsonNode.Parse(await Docker.Api.Http.GetStringAsync("/swagger/v1/swagger.json?version=3.1"))!);
        (Service, ChangedService, StuckService) = (_engine.NewService(), _engine.NewService(), _engine.NewService());
        await Task.WhenAll(DeployTwiceAsync(Service), DeployTwiceAsync(ChangedService), GetStuckAsync());
        EndedTask = await RunAsync(Docker, "echo done", $"/v1/services/{Service}/tasks");
        RunningTask = await RunAsync(Docker, "trap exit TERM; sleep 3600 & wait", $"/v1/services/{Service}/tasks?detach=true");
    }

    private async Task StartClusterAsync()
    {
        var fleet = await FleetServer.StartAsync(new FleetServerOptions());
        _parts.Add(fleet);
        Cluster = await StartAsync("/readyz", $"-fleet={fleet.Address}", "-docker-hub-username=mycompany");
        await Cluster.Api.DeployAsync("hello", new { Version = "v1" });
    }

    private async Task StartBlindAsync()
    {
        var data = Path.Combine(_folder, "blind");
        Directory.CreateDirectory(Path.Combine(data, "history.db"));
        Blind = await StartAsync("/healthz", "-fleet=http://127.0.0.1:1", $"-docker=unix://{data}/none.sock", $"-data={data}");
    }

    private async Task StartRestartedAsync()
    {
        var data = Path.Combine(_folder, "restarted");
        await using (var before = await DeploysterProcess.StartAsync(OnEngine($"-data={data}")))
        {
            ForgottenTask = await RunAsync(before, "sleep 3600", $"/v1/services/{Service}/tasks?detach=true");
        }

        // Nothing can be written where this is in the way.
        Directory.CreateDirectory(Path.Combine(data, "maintenance.json.next"));
        Restarted = await StartAsync("/healthz", "-fleet=docker", $"-docker=unix://{data}/none.sock", $"-data={data}");
    }

    private async Task DeployTwiceAsync(string service)
    {
        foreach (var version in new[] { "v1", "v2" })
        {
            await _engine.BuildAsync(SampleImage.Good, service, version);
            await Docker.Api.DeployAsync(service, new { Version = version, DestroyPrevious = true });
            await Docker.Api.WaitForEndAsync(service, version);
        }
    }

    private async Task GetStuckAsync()
    {
        await _engine.BuildAsync(SampleImage.Good, StuckService, "v1");
        await _engine.BuildAsync(SampleImage.NeverListens, StuckService, "v2");
        await Docker.Api.DeployAsync(StuckService, new { Version = "v1" });
        await Docker.Api.WaitForEndAsync(StuckService, "v1");
        await Docker.Api.DeployAsync(StuckService, new { Version = "v2", DestroyPrevious = true, Deadline = 3600 });
    }

    private static HttpClient CreateGuesser(Uri address)
    {
        var guesser = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = address };
        guesser.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("deployster:guess"u8));
        return guesser;

        static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(s_guesser, 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }

    private static async Task<string> RunAsync(DeploysterProcess deployster, string script, string path)
    {
        var body = new JsonObject { ["task"] = new JsonObject { ["version"] = "v1", ["command"] = new JsonArray("sh", "-c", script) } };
        var answer = await Exchange.SendAsync(deployster.Api.Http, HttpMethod.Post, path, body.ToJsonString());
        return answer.HeaderOf("Deployster-Task-Id") ?? JsonNode.Parse(answer.ResponseBody)!["id"]!.GetValue<string>();
    }

    private static string[] OnEngine(params string[] options) =>
        ["-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", .. options];

    private async Task<DeploysterProcess> StartAsync(string readyPath, params string[] options)
    {
        var deployster = await DeploysterProcess.StartAsync(options, readyPath);
        _parts.Add(deployster);
        return deployster;
    }
}
