using System.Net;
using System.Text;

namespace Deployster.EndToEnd.Tests.Tasks;

/// <summary>An answer with a task's output.</summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Id">The task's id; null where none was begun.</param>
/// <param name="Body">The whole body.</param>
/// <param name="ExitCode">The trailer; null where there is none.</param>
internal sealed record TaskAnswer(HttpStatusCode Status, string? Id, byte[] Body, string? ExitCode)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string LastLine => Text.TrimEnd('\n').Split('\n')[^1];

    public static async Task<TaskAnswer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        return new TaskAnswer(
            response.StatusCode,
            response.Headers.TryGetValues("Deployster-Task-Id", out var ids) ? ids.Single() : null,
            body,
            response.TrailingHeaders.TryGetValues("Deployster-Exit-Code", out var codes) ? codes.Single() : null);
    }
}
