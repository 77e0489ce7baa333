using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Deployster.Application.Routing;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class StreamTests
{
    [Test]
    public async Task WebSocket_WhenOpened_CarriesMessagesBothWaysAndItsClosing()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, TestSocket.EchoAsync);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        using var socket = await TestSocket.ConnectAsync(gateway);
        (await TestSocket.AskAsync(socket, "one")).Should().Be("one");
        (await TestSocket.AskAsync(socket, "two")).Should().Be("two");
        await socket.SendAsync("close"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        var closing = await socket.ReceiveAsync(new byte[64], CancellationToken.None);

        closing.MessageType.Should().Be(WebSocketMessageType.Close);
        socket.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
    }

    [Test]
    public async Task ServerSentEvents_WhenAUnitSendsOne_ArriveAtOnce()
    {
        var isHeld = new TaskCompletionSource();
        await using var unit = await TestUnit.StartAsync("hello", 1, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: first\n\n");
            await context.Response.Body.FlushAsync();
            await isHeld.Task;
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        using var answer = await gateway.CreateClient().GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        (await reader.ReadLineAsync()).Should().Be("data: first");
        isHeld.SetResult();
    }

    [Test]
    public async Task Upload_WhenTheClientHasSentAPart_ReachesTheUnit()
    {
        const int Part = 64 * 1024;
        var first = new TaskCompletionSource();
        await using var unit = await TestUnit.StartAsync("hello", 1, async context =>
        {
            await context.Request.Body.ReadExactlyAsync(new byte[Part / 2]);
            first.SetResult();
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var pipe = new Pipe();
        var upload = gateway.CreateClient().PostAsync("/", new StreamContent(pipe.Reader.AsStream()));

        await pipe.Writer.WriteAsync(new byte[Part]);

        await first.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await pipe.Writer.CompleteAsync();
        using var answer = await upload;
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task Upload_WhenItIsLarge_ArrivesWhole()
    {
        const long Size = 200 * 1024 * 1024;
        await using var unit = await TestUnit.StartAsync("hello", 1, async context =>
        {
            var (buffer, length) = (new byte[64 * 1024], 0L);
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var read)
            {
                length += read;
            }

            await context.Response.WriteAsync(length.ToString());
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var answer = await gateway.CreateClient().PostAsync("/", new StreamContent(new Zeros(Size)));

        (await answer.Content.ReadAsStringAsync()).Should().Be(Size.ToString());
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(Size / 4);
    }

    [Test]
    public async Task Request_WhenItsClientHangsUp_EndsAtTheUnit()
    {
        var isAborted = new TaskCompletionSource();
        await using var unit = await TestUnit.StartAsync("hello", 1, async context =>
        {
            context.RequestAborted.Register(isAborted.SetResult);
            await isAborted.Task;
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        using var hangUp = new CancellationTokenSource();
        var request = gateway.CreateClient().GetAsync("/", hangUp.Token);
        await Wait.UntilAsync(() => unit.Requests == 1);

        await hangUp.CancelAsync();

        await isAborted.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await request.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }
}
