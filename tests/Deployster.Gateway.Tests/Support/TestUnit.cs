using System.Net;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Deployster.Gateway.Tests.Support;

/// <summary>A unit: a real server on this machine.</summary>
internal sealed class TestUnit : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private TestUnit(WebApplication app, UnitName name)
    {
        _app = app;
        Name = name;
    }

    public UnitName Name { get; }

    public string Endpoint => new Uri(_app.Urls.Single()).Authority;

    public int Requests => _requests;

    public RoutedUnit As(UnitTraffic traffic) => new(Name, Endpoint, traffic);

    public static UnitName NameOf(string service, int instance = 1) =>
        UnitName.Parse($"{service}:v1:2024.01.02-03.04.05@{instance}.service");

    /// <summary>A unit that answers its name.</summary>
    public static Task<TestUnit> StartAsync(string service = "hello", int instance = 1) =>
        StartAsync(service, instance, context => context.Response.WriteAsync(NameOf(service, instance).ToString()));

    /// <summary>A unit that answers when it is let.</summary>
    public static Task<TestUnit> StartHeldAsync(Task isHeld) => StartAsync("hello", 1, async context =>
    {
        await isHeld;
        await context.Response.WriteAsync("whole");
    });

    public static async Task<TestUnit> StartAsync(
        string service, int instance, RequestDelegate answer, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, endPoint => endPoint.Protocols = protocols);
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        var unit = new TestUnit(app, NameOf(service, instance));
        app.UseWebSockets();
        app.Run(context =>
        {
            Interlocked.Increment(ref unit._requests);
            return answer(context);
        });
        await app.StartAsync();
        return unit;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
