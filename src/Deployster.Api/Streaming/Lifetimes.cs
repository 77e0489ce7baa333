namespace Deployster.Api.Streaming;

/// <summary>How long a stream may stay open.</summary>
internal static class Lifetimes
{
    /// <summary>Ends with the request, or with the server: an open stream must not hold up a shutdown.</summary>
    public static CancellationTokenSource UntilStopping(this IHostApplicationLifetime lifetime, CancellationToken request) =>
        CancellationTokenSource.CreateLinkedTokenSource(request, lifetime.ApplicationStopping);
}
