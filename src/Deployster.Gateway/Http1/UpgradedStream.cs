using System.Buffers;
using System.Net.Sockets;
using Deployster.Domain.Specs;
using Deployster.Gateway.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Deployster.Gateway.Http1;

/// <summary>A connection that has become another protocol's, such as a WebSocket's: bytes both ways.</summary>
internal sealed class UpgradedStream(
    HttpContext context,
    IHttpUpgradeFeature upgrade,
    UnitConnection connection,
    ConnectionWatch watch,
    Timeouts timeouts,
    RequestRecord record)
{
    private const int BufferSize = 4096;

    /// <summary>Carries bytes until both sides have ended, or one broke off.</summary>
    public async Task RunAsync(AnswerHead answer)
    {
        AnswerRelay.WriteHead(context, answer, keepsCoding: false);
        context.Response.Headers.Upgrade = answer.Headers.LastOrDefault(header => header.Name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase)).Value;
        await using var client = await upgrade.UpgradeAsync();
        connection.SetDue(watch.In(timeouts.Idle));
        using var end = new CancellationTokenSource();
        var toUnit = CarryToUnitAsync(client, end.Token);
        try
        {
            await CarryToClientAsync(client);
        }
        finally
        {
            // What the unit has ended cannot go on.
            await end.CancelAsync();
            await toUnit;
        }
    }

    private async Task CarryToUnitAsync(Stream client, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Nothing is held while nothing comes.
#pragma warning disable CA2022 // Nothing is read here: it waits.
                await client.ReadAsync(Memory<byte>.Empty, cancellationToken);
#pragma warning restore CA2022
                var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    var read = await client.ReadAsync(buffer, cancellationToken);
                    if (read == 0)
                    {
                        connection.EndSending();
                        return;
                    }

                    connection.SetDue(watch.In(timeouts.Idle));
                    await connection.SendAsync(buffer.AsMemory(0, read));
                    record.AddIn(read);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            connection.Abort();
        }
    }

    private async Task CarryToClientAsync(Stream client)
    {
        do
        {
            if (!connection.Unread.IsEmpty)
            {
                await client.WriteAsync(connection.Unread);
                record.AddOut(connection.Unread.Length);
                connection.Take(connection.Unread.Length);
            }

            connection.SetDue(watch.In(timeouts.Idle));
            await connection.WaitAsync();
        }
        while (await connection.ReadAsync() > 0);
    }
}
