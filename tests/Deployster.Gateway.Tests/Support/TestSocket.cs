using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Deployster.Gateway.Tests.Support;

/// <summary>A WebSocket through a gateway, and the unit at its other end.</summary>
internal static class TestSocket
{
    /// <summary>Answers each message with itself; <c>close</c> by closing, as a server that is stopped does.</summary>
    public static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } message)
        {
            if (Encoding.UTF8.GetString(buffer, 0, message.Count) == "close")
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "", CancellationToken.None);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, message.Count), WebSocketMessageType.Text, true, CancellationToken.None);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
    }

    public static async Task<ClientWebSocket> ConnectAsync(TestGateway gateway)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", "hello.localhost");
        await socket.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws" }.Uri, CancellationToken.None);
        return socket;
    }

    public static async Task<string> AskAsync(WebSocket socket, string message)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[64];
        var answer = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return Encoding.UTF8.GetString(buffer, 0, answer.Count);
    }
}
