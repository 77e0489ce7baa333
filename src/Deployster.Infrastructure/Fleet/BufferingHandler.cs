using System.Buffers;
using System.Text.Json;

namespace Deployster.Infrastructure.Fleet;

/// <summary>
/// Reads an answer to its end, so that one that breaks off in the middle, or is not Fleet's, counts as a failed attempt.
/// </summary>
internal sealed class BufferingHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            if (response.IsSuccessStatusCode && !await IsFleetsAsync(request, response.Content, cancellationToken))
            {
                throw new HttpRequestException(
                    $"it answered {(int)response.StatusCode} {response.ReasonPhrase}, but not as Fleet does");
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // What was asked for is one JSON object, and what was ordered is answered with nothing. A proxy's page is neither,
    // nor is an answer that was cut off where HTTP itself cannot tell.
    private static async Task<bool> IsFleetsAsync(
        HttpRequestMessage request, HttpContent content, CancellationToken cancellationToken)
    {
        var body = await content.ReadAsStreamAsync(cancellationToken);
        if (body.Length == 0)
        {
            return request.Method != HttpMethod.Get;
        }

        // Pages are large and come again and again.
        var buffer = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            await body.ReadExactlyAsync(buffer.AsMemory(0, (int)body.Length), cancellationToken);
            return IsObject(buffer.AsSpan(0, (int)body.Length));
        }
        finally
        {
            // Whoever reads the content after this gets the same stream.
            body.Position = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsObject(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
