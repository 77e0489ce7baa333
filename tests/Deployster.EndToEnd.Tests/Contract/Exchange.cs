using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Deployster.EndToEnd.Tests.Contract;

/// <summary>A request and what was answered to it.</summary>
internal sealed record Exchange(Uri Target, string? RequestBody, HttpResponseMessage Response, string ResponseBody)
{
    public HttpStatusCode Status => Response.StatusCode;

    public string? MediaType => Response.Content.Headers.ContentType?.MediaType;

    public string? HeaderOf(string name) =>
        Response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    /// <summary>Sends a request and reads the answer: of endless events only the first, of all else the whole.</summary>
    public static async Task<Exchange> SendAsync(
        HttpClient client, HttpMethod method, string path, string? body = null, string mediaType = "application/json", string? accept = null, bool isEndless = false)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        }

        if (accept is not null)
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        using var reader = new StreamReader(stream);
        var text = isEndless && response.IsSuccessStatusCode
            ? await ReadEventAsync(reader, limit.Token)
            : await reader.ReadToEndAsync(limit.Token);
        return new Exchange(new Uri(client.BaseAddress!, path), body, response, text);
    }

    private static async Task<string> ReadEventAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            text.Append(line).Append('\n');
        }

        return text.Append('\n').ToString();
    }
}
