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
        var uri = new Uri($"http://{target.Endpoint}{check.Path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Host = "localhost";
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.ParseAdd("Deployster");
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token);
            return response.IsSuccessStatusCode
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

    private static string Silent(ProbeTarget target) =>
        string.Create(CultureInfo.InvariantCulture, $"its port {target.Port} does not answer");
}
