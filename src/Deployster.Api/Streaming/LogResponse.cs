using System.Buffers;
using Deployster.Application.Fleet;
using Deployster.Application.Output;

namespace Deployster.Api.Streaming;

/// <summary>Answers with a log byte for byte, each piece sent as it comes.</summary>
internal static class LogResponse
{
    private const int BufferSize = 64 * 1024;

    public static async Task WriteAsync(HttpContext context, IOutputReader log, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.BeginStream("text/plain; charset=utf-8");
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await response.Body.FlushAsync(cancellationToken);
            while (await log.ReadAsync(buffer, cancellationToken) is (_, var count))
            {
                await response.Body.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody reads on.
        }
        catch (FleetUnavailableException)
        {
            context.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
