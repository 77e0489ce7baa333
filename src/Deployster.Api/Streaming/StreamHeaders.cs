namespace Deployster.Api.Streaming;

/// <summary>The headers of an answer that comes bit by bit.</summary>
internal static class StreamHeaders
{
    /// <summary>Tells caches and proxies to hand it on as it comes.</summary>
    public static void BeginStream(this HttpResponse response, string contentType)
    {
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
