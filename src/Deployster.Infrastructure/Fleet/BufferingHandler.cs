using System.Text.Json;

namespace Deployster.Infrastructure.Fleet;

/// <summary>
/// Reads an answer to its end, so that one that breaks off in the middle, or is none of Fleet's, counts as a failed
/// attempt like every other fault of the way.
/// </summary>
internal sealed class BufferingHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        if (response.IsSuccessStatusCode && !await IsJsonOrEmptyAsync(response.Content, cancellationToken))
        {
            var status = (int)response.StatusCode;
            var reason = response.ReasonPhrase;
            response.Dispose();
            throw new HttpRequestException($"it answered {status} {reason}, but not as Fleet does");
        }

        return response;
    }

    private static async Task<bool> IsJsonOrEmptyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var body = await content.ReadAsByteArrayAsync(cancellationToken);
        if (body.Length == 0)
        {
            return true;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
