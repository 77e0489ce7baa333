using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Deployster.Testing;

namespace Deployster.Benchmarks.Front;

/// <summary>How much memory Deployster with its gateway has resident while many clients keep their connections open.</summary>
internal static class ConnectionsBenchmark
{
    private const int Count = 10_000;
    private const int AtOnce = 32;

    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync()
    {
        await using var engine = new TestEngine();
        var service = engine.NewService("bench");
        await engine.BuildAsync(SampleImage.Good, service, "one");
        var address = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", $"-gateway-listen={address}");
        await deployster.Api.DeployAsync(service, new { Version = "one" });
        await deployster.Api.WaitForEndAsync(service, "one");

        Tell("no connection", deployster.Id);
        var request = Encoding.ASCII.GetBytes($"GET /nowhere HTTP/1.1\r\nHost: {service}.localhost\r\n\r\n");
        var sockets = new Socket?[Count];
        try
        {
            await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, token) =>
            {
                var socket = sockets[number] = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(address, token);
                await socket.SendAsync(request, token);
                if (await socket.ReceiveAsync(new byte[1024], token) == 0)
                {
                    throw new InvalidOperationException("The gateway hung up.");
                }
            });
            await Task.Delay(s_rest);
            Tell($"{Count} open connections, after a request on each", deployster.Id);
        }
        finally
        {
            foreach (var socket in sockets)
            {
                socket?.Dispose();
            }
        }

        return 0;
    }

    private static void Tell(string when, int processId) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{when}: {ResidentMemory.Of(processId) / 1048576.0:0} MiB resident"));
}
