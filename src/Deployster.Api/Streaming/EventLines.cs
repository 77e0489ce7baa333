using Deployster.Application.History;
using Deployster.Domain.Rollouts;

namespace Deployster.Api.Streaming;

/// <summary>Writes events as lines for a reader, each sent as it happens.</summary>
internal static class EventLines
{
    public static async Task WriteAsync(
        HttpContext context, IAsyncEnumerable<DeployEvent> events, CancellationToken cancellationToken)
    {
        context.Response.BeginStream("text/plain; charset=utf-8");
        try
        {
            await foreach (var happened in events.WithCancellation(cancellationToken))
            {
                foreach (var line in LinesOf(happened))
                {
                    await context.Response.WriteAsync(line + "\n", cancellationToken);
                }

                await context.Response.Body.FlushAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private static IEnumerable<string> LinesOf(DeployEvent happened)
    {
        var message = happened.Happened.Message.Split('\n');
        var at = $"{happened.Time:HH:mm:ss} ";
        return happened.Happened.Kind switch
        {
            // The last line says it all to a script.
            RolloutEventKind.Succeeded => [.. Indented(message), $"Deployed: {message[0]}"],
            RolloutEventKind.Failed => [.. Indented(message), $"Failed: {message[0]}"],
            RolloutEventKind.RolledBack => [$"Failed and rolled back: {message[0]}"],
            RolloutEventKind.Cancelled => [$"Failed: {message[0]}"],
            _ => [at + message[0], .. Indented(message)],
        };
    }

    private static IEnumerable<string> Indented(IEnumerable<string> message) => message.Skip(1).Select(line => $"         {line}");
}
