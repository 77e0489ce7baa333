using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Deployster.Application.Health;
using Deployster.Domain.Specs;

namespace Deployster.Infrastructure.Health;

/// <summary>Probes a unit by a request, or by a connection to its port.</summary>
internal sealed class HttpHealthProbe : IHealthProbe, IDisposable
{
    // The engine's proxy takes connections whether or not anybody listens in the container, and then hangs up.
    private static readonly TimeSpan s_hangUpTime = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public Task<string?> FindComplaintAsync(ProbeTarget target, CancellationToken cancellationToken) =>
        target.Check is { } check ? GetAsync(target, check, cancellationToken) : ConnectAsync(target, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static async Task<string?> ConnectAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(s_connectLimit);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(target.Endpoint), limited.Token);
            limited.CancelAfter(s_hangUpTime);
            return await socket.ReceiveAsync(new byte[1], limited.Token) > 0 ? null : Silent(target);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return socket.Connected ? null : Silent(target);
        }
        catch (SocketException)
        {
            return Silent(target);
        }
    }

    private async Task<string?> GetAsync(ProbeTarget target, HealthCheck check, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(check.Timeout);

        // The path is sent as it was given, and frameworks that check the host's name know this one.
        if (EndpointOf(target, check) is not { } endpoint)
        {
            return string.Create(CultureInfo.InvariantCulture, $"its port {check.Port} is not reached: only its port {target.Port} is published");
        }

        var uri = new Uri($"http://{endpoint}{check.Path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Host = check.Host?.Value ?? "localhost";
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.ParseAdd("Deployster");
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token);
            return response.IsSuccessStatusCode || LeadsToHttps(response, check)
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"GET {check.Path} answered {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"GET {check.Path} did not answer within {check.Timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.InvalidResponse)
        {
            return $"GET {check.Path} did not answer in HTTP";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Silent(target);
        }
    }

    // A unit that is reached at its own address is so at each of its ports.
    private static string? EndpointOf(ProbeTarget target, HealthCheck check)
    {
        if (check.Port is not { } port || port == target.Port)
        {
            return target.Endpoint;
        }

        var endpoint = IPEndPoint.Parse(target.Endpoint);
        return endpoint.Port == target.Port ? new IPEndPoint(endpoint.Address, port).ToString() : null;
    }

    // Whoever asks for HTTPS has understood the question.
    private static bool LeadsToHttps(HttpResponseMessage response, HealthCheck check) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && response.Headers.Location is { IsAbsoluteUri: true, Scheme: "https" } location
        && location.OriginalString.IndexOf('/', "https://".Length) is var path
        && (path < 0 ? check.Path == "/" : location.OriginalString[path..] == check.Path);

    private static string Silent(ProbeTarget target) =>
        string.Create(CultureInfo.InvariantCulture, $"its port {target.Port} does not answer");
}
