using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Deployster.Application.Webhooks;

namespace Deployster.Infrastructure.Webhooks;

/// <summary>Posts deliveries. It goes where the URL says and nowhere else: no redirect, no proxy.</summary>
internal sealed class HttpWebhookSender(WebhookSecret secret, TimeProvider time) : IWebhookSender, IDisposable
{
    /// <summary>How long an attempt may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,

        // The receiver's name may come to stand for another machine.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),

        // Nobody reads the answer: a long one costs the connection.
        MaxResponseDrainSize = 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<DeliveryAnswer> SendAsync(WebhookReceiver receiver, Delivery delivery, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = RequestOf(receiver, delivery);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(response);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DeliveryAnswer.Failed(string.Create(CultureInfo.InvariantCulture, $"it did not answer within {Limit.TotalSeconds} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return DeliveryAnswer.Failed(Explain(e));
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage RequestOf(WebhookReceiver receiver, Delivery delivery)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        var request = new HttpRequestMessage(HttpMethod.Post, receiver.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.UserAgent.ParseAdd("Deployster");
        request.Headers.Add(WebhookHeaders.Event, delivery.Event);
        request.Headers.Add(WebhookHeaders.Delivery, delivery.Id.ToString("D"));
        if (secret.Key is { } key)
        {
            request.Headers.Add(WebhookHeaders.Signature, $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(key, body))}");
        }

        // The client itself makes nothing of it.
        if (receiver.Url.UserInfo is { Length: > 0 } user)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(user))));
        }

        return request;
    }

    private DeliveryAnswer Judge(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var complaint = string.Create(CultureInfo.InvariantCulture, $"it answered {status}");
        return response.IsSuccessStatusCode ? DeliveryAnswer.Taken
            : status >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
                ? DeliveryAnswer.Failed(complaint, After(response.Headers.RetryAfter))
                : DeliveryAnswer.Refused(complaint);
    }

    private TimeSpan? After(RetryConditionHeaderValue? header) => header?.Delta ?? header?.Date - time.GetUtcNow();

    // In our own words: what a message tells is not ours to choose.
    private static string Explain(Exception exception) => (exception as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its name is not known",
        HttpRequestError.ConnectionError => "it takes no connection",
        HttpRequestError.SecureConnectionError => "its certificate, or its TLS, cannot be trusted",
        HttpRequestError.ResponseEnded => "it hung up without an answer",
        HttpRequestError.InvalidResponse => "it did not answer in HTTP",
        _ => "the connection to it broke off",
    };
}
