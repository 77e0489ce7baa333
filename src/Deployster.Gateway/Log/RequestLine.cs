using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deployster.Gateway.Log;

/// <summary>A line of the log of requests. Neither a query nor a header of which nobody knows what it holds stands in it.</summary>
internal sealed record RequestLine(
    DateTimeOffset Time,
    string Host,
    string Method,
    string Path,
    int Status,
    long BytesIn,
    long BytesOut,
    double Duration,
    string? Unit,
    string? Client,
    string? RequestId,
    string? UserAgent)
{
    /// <summary>How a line is written.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
