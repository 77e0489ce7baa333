using System.Globalization;
using Deployster.Application.Tasks;

namespace Deployster.Api.Streaming;

/// <summary>Answers with a task's output, each piece sent as it comes, and with how the task ends.</summary>
internal static class TaskOutputResponse
{
    public const string IdHeader = "Deployster-Task-Id";
    public const string ExitCodeTrailer = "Deployster-Exit-Code";

    private const int MostUnsent = 64 * 1024;

    /// <summary>Writes until the task has ended. A stream that ends otherwise is broken off, so that nobody takes it for whole.</summary>
    public static async Task WriteAsync(HttpContext context, FollowedTask task, CancellationToken cancellationToken)
    {
        IOutputFormat format = IsForEvents(context.Request) ? new OutputEvents() : new OutputText();
        context.Response.BeginStream(format.ContentType);
        context.Response.Headers[IdHeader] = task.Id.Value;
        var body = new TrailedBody(context.Response, ExitCodeTrailer);
        try
        {
            await body.SendAsync(cancellationToken);
            await foreach (var chunk in task.Output.ReadAsync(cancellationToken))
            {
                format.Write(body, chunk);
                if (!chunk.HasMore || body.Unsent > MostUnsent)
                {
                    await body.SendAsync(cancellationToken);
                }
            }

            var end = await task.End.WaitAsync(cancellationToken);
            format.WriteEnd(body, end);
            await body.EndAsync(end.ExitCode.ToString(CultureInfo.InvariantCulture), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private static bool IsForEvents(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));
}
