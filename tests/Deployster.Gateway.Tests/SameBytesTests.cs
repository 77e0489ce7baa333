using System.Net;
using System.Net.Sockets;
using System.Text;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>
/// What a client and a unit see of each other through the gateway is what they see without it, but for interim answers, which
/// the server cannot send. <c>DEPLOYSTER_CASES</c> asks for so many new cases.
/// </summary>
public sealed class SameBytesTests
{
    private const int Cases = 250;
    private const int Seed = 20;

    [Test]
    public async Task Exchange_WhateverItIs_IsTheSameThroughTheGateway()
    {
        var isSearch = int.TryParse(Environment.GetEnvironmentVariable("DEPLOYSTER_CASES"), out var cases);
        var seed = isSearch ? Environment.TickCount : Seed;
        var random = new Random(seed);
        GeneratedExchange exchange = null!;
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            while (await unit.ReadRequestAsync(stream))
            {
                var current = exchange;
                await stream.WriteAsync(Encoding.Latin1.GetBytes(current.Answer));
                if (current.IsCut || current.Answer.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal))
                {
                    return;
                }
            }
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        for (var number = 0; number < (isSearch ? cases : Cases); number++)
        {
            exchange = GeneratedExchange.Make(random);
            var because = $"of case {number} of seed {seed}: {exchange.Request.Split("\r\n\r\n")[0]}";
            var direct = await ExchangeAsync(IPEndPoint.Parse(unit.Endpoint), exchange);
            var through = await ExchangeAsync(new IPEndPoint(IPAddress.Loopback, gateway.Address.Port), exchange);

            var requests = unit.Requests.TakeLast(2).Select(request => ParsedMessage.Parse(request)).ToList();
            requests[1].ToString().Should().Be(requests[0].ToString(), "the unit sees the same request, {0}", because);
            if (exchange.IsCut)
            {
                through.IsWhole.Should().BeFalse("what was cut must not look whole, {0}", because);
            }
            else
            {
                through.ToString().Should().Be(direct.ToString(), "the client sees the same answer, {0}", because);
            }
        }
    }

    private static async Task<ParsedMessage> ExchangeAsync(IPEndPoint server, GeneratedExchange exchange)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(exchange.Request));
        var (bytes, buffer) = (new StringBuilder(), new byte[64 * 1024]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            while (ParsedMessage.Parse(bytes.ToString(), exchange.HasAnswerBody) is not { IsWhole: true, IsFramed: true }
                && await stream.ReadAsync(buffer, limit.Token) is > 0 and var read)
            {
                bytes.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Reset: there is nothing more.
        }

        return ParsedMessage.Parse(bytes.ToString(), exchange.HasAnswerBody);
    }
}
