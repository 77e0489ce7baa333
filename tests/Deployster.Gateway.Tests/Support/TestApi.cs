using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Deployster.Application.Routing;
using Deployster.Gateway.Standalone;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Deployster.Gateway.Tests.Support;

/// <summary>As much of Deployster's API as gateways use.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private RoutingTable _table = new(0, []);
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestApi(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What gateways asked for: method, path with query, login.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The status and the reason with which it refuses everything; null where it does not.</summary>
    public (int Status, string? Detail)? Refusal { get; set; }

    public static async Task<TestApi> StartAsync(int port = 0, TestCertificate? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback,
            port,
            endPoint =>
            {
                if (certificate is not null)
                {
                    endPoint.UseHttps(certificate.Load());
                }
            }));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        var api = new TestApi(app);
        app.Run(api.AnswerAsync);
        await app.StartAsync();
        return api;
    }

    public void Set(RoutingTable table)
    {
        _table = table;
        var change = _change;
        _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        change.SetResult();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        Requests.Enqueue(
            $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Authorization} {body}".Trim());
        if (Refusal is var (status, detail))
        {
            context.Response.StatusCode = status;
            if (detail is not null)
            {
                await context.Response.WriteAsJsonAsync(
                    new { Status = status, Detail = detail }, RoutesJson.Options, "application/problem+json");
            }

            return;
        }

        if (context.Request.Method != "GET")
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        context.Response.ContentType = "text/event-stream";
        while (!context.RequestAborted.IsCancellationRequested)
        {
            var change = _change.Task;
            await context.Response.WriteAsync(
                $"event: routes\ndata: {JsonSerializer.Serialize(RoutesDocument.Of(_table), RoutesJson.Options)}\n\n");
            await context.Response.Body.FlushAsync();
            await change.WaitAsync(context.RequestAborted);
        }
    }
}
