namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>Plain HTTP to the engine, for answers that have to be read piece by piece.</summary>
internal static class EngineHttp
{
    public static HttpClient Connect(Uri address)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        var target = new UriBuilder(address);
        if (address.Scheme == "unix")
        {
            handler.ConnectCallback = (_, cancellationToken) => UnixSocket.ConnectAsync(address.LocalPath, cancellationToken);
            target = new UriBuilder("http", "docker");
        }
        else if (address.Scheme == "tcp")
        {
            target.Scheme = "http";
        }

        return new HttpClient(handler) { BaseAddress = target.Uri, Timeout = Timeout.InfiniteTimeSpan };
    }
}
