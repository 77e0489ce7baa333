using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Deployster.FleetStandIn;

/// <summary>
/// A stand-in for fleetd 1.0.0: answers as the recorded transcript does, and keeps its units in memory.
/// A test in another process steers it by <c>PUT /_standin/faults</c>, <c>GET /_standin/requests</c> and
/// <c>DELETE /_standin/units</c>.
/// </summary>
public sealed class FleetServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FaultInjector _injector;
    private readonly UnitStore _store;

    private FleetServer(WebApplication app, Uri address, FaultInjector injector, UnitStore store)
    {
        _app = app;
        _injector = injector;
        _store = store;
        Address = address;
    }

    /// <summary>Where it listens: <c>unix:///path</c> or <c>http://127.0.0.1:port</c>.</summary>
    public Uri Address { get; }

    /// <summary>What goes wrong with requests from now on.</summary>
    public Faults Faults
    {
        get => _injector.Faults;
        set => _injector.Faults = value;
    }

    /// <summary>Starts a stand-in.</summary>
    public static async Task<FleetServer> StartAsync(FleetServerOptions options)
    {
        var isSocket = options.Address.Scheme == "unix";
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (isSocket)
            {
                File.Delete(options.Address.LocalPath);
                kestrel.ListenUnixSocket(options.Address.LocalPath);
            }
            else
            {
                kestrel.Listen(IPAddress.Parse(options.Address.Host), options.Address.Port);
            }
        });

        var app = builder.Build();
        var injector = new FaultInjector();
        var store = new UnitStore(options.Behavior, options.Time);
        var api = new FleetApi(store, options.Time);
        app.Run(context => context.Request.Path.StartsWithSegments("/_standin", out var control)
            ? ControlAsync(context, control, injector, store)
            : AnswerAsync(context, api, injector, options.Time));
        await app.StartAsync();
        return new FleetServer(app, isSocket ? options.Address : new Uri(app.Urls.Single()), injector, store);
    }

    /// <summary>How many requests of a kind there were, whether or not they went wrong.</summary>
    public int CountOf(RequestKind kind) => _injector.Counts.GetValueOrDefault(kind);

    /// <summary>A client that speaks to it as it is, without any retry.</summary>
    public HttpClient CreateClient() => Address.Scheme != "unix"
        ? new HttpClient { BaseAddress = Address }
        : new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://fleet") };

    /// <summary>Forgets all units.</summary>
    public void Clear() => _store.Clear();

    /// <summary>Waits until the process is told to end.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Nobody waits for the last answers, so there is no grace for them.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        if (Address.Scheme == "unix")
        {
            File.Delete(Address.LocalPath);
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Address.LocalPath), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task ControlAsync(HttpContext context, PathString control, FaultInjector injector, UnitStore store)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        switch (context.Request.Method, control.Value)
        {
            case ("PUT", "/faults"):
                injector.Faults = await context.Request.ReadFromJsonAsync<Faults>(FleetJson.Options) ?? Faults.None;
                break;
            case ("GET", "/requests"):
                context.Response.StatusCode = StatusCodes.Status200OK;
                await context.Response.WriteAsJsonAsync(injector.Counts, FleetJson.Options);
                break;
            case ("DELETE", "/units"):
                store.Clear();
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private static async Task AnswerAsync(HttpContext context, FleetApi api, FaultInjector injector, TimeProvider time)
    {
        var (latency, fault, afterWork) = injector.Meet(FleetApi.KindOf(context.Request));
        if (latency > TimeSpan.Zero)
        {
            await Task.Delay(latency, time, context.RequestAborted);
        }

        var isCut = fault is FaultKind.CutOff or FaultKind.CutOffInChunks or FaultKind.Halved;
        var answer = fault is null || isCut || afterWork ? await api.AnswerAsync(context.Request) : Answer.Dropped;
        await AnswerWriter.WriteAsync(context, fault, answer: fault switch
        {
            FaultKind.ServerError => Answer.Trouble,
            FaultKind.EtcdAway => Answer.EtcdAway,
            FaultKind.Dropped => Answer.Dropped,
            _ => answer,
        });
    }
}
