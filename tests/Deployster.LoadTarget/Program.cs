using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A service for load: it answers at once, slowly, to uploads and over WebSockets, and is stopped as a good service is.
var version = Environment.GetEnvironmentVariable("VERSION") ?? "";
var large = new string('x', 100 * 1024);
var healthStatus = int.Parse(Environment.GetEnvironmentVariable("HEALTH_STATUS") ?? "200", CultureInfo.InvariantCulture);

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
{
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Listen(IPAddress.Any, 3000);
    kestrel.Listen(IPAddress.Any, 3001);
});
var app = builder.Build();
var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
app.UseWebSockets();
app.Run(context => context.Request.Path.Value switch
{
    "/health" => AnswerAsync(context, healthStatus, "health"),
    "/named" => AnswerAsync(context, IsChecked(context) ? 200 : 421, "named"),
    "/secure" => RedirectAsync(context),
    "/slow" => AnswerSlowlyAsync(context),
    "/upload" => CountAsync(context),
    "/large" => AnswerAsync(context, StatusCodes.Status200OK, large),
    "/socket" => EchoAsync(context),
    _ => AnswerAsync(context, StatusCodes.Status200OK, version),
});
await app.RunAsync();

// A port of its own for checks, and a host name that only they know.
static bool IsChecked(HttpContext context) => context.Connection.LocalPort == 3001 && context.Request.Host.Host == "checks.example.com";

static Task RedirectAsync(HttpContext context)
{
    context.Response.Redirect($"https://{context.Request.Host.Host}{context.Request.Path}");
    return Task.CompletedTask;
}

static Task AnswerAsync(HttpContext context, int status, string text)
{
    context.Response.StatusCode = status;
    context.Response.ContentLength = text.Length;
    return context.Response.WriteAsync(text);
}

async Task AnswerSlowlyAsync(HttpContext context)
{
    await Task.Delay(TimeSpan.FromSeconds(5));
    await AnswerAsync(context, StatusCodes.Status200OK, version);
}

static async Task CountAsync(HttpContext context)
{
    var (buffer, length) = (new byte[64 * 1024], 0L);
    while (await context.Request.Body.ReadAsync(buffer) is > 0 and var read)
    {
        length += read;
    }

    await AnswerAsync(context, StatusCodes.Status200OK, length.ToString(CultureInfo.InvariantCulture));
}

// Says that it goes away before it does, as a server that is stopped should.
async Task EchoAsync(HttpContext context)
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    using var goingAway = stopping.Register(() => _ = socket.CloseOutputAsync(
        WebSocketCloseStatus.EndpointUnavailable, "stopping", CancellationToken.None));
    var buffer = new byte[1024];
    while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } message)
    {
        if (!stopping.IsCancellationRequested)
        {
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, CancellationToken.None);
        }
    }

    if (socket.State == WebSocketState.CloseReceived)
    {
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
    }
}
