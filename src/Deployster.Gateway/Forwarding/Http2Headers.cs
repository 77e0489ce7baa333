using Deployster.Application.Routing;
using Deployster.Gateway.Http1;
using Deployster.Gateway.Log;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Deployster.Gateway.Forwarding;

/// <summary>What a unit that speaks HTTP/2 is told: the request as it came, and who the client is.</summary>
internal sealed class Http2Headers(ForwardedHeaders forwarded, RouteSettings settings, RequestRecord record, CancellationTokenSource late) : HttpTransformer
{
    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        // The answer has begun.
        late.CancelAfter(Timeout.InfiniteTimeSpan);
        return base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);

        // The path as it came, not as it is read.
        var target = RequestHead.TargetOf(httpContext, settings);
        if (target.StartsWith('/'))
        {
            proxyRequest.RequestUri = new Uri(
                $"{destinationPrefix.TrimEnd('/')}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        }

        var isTrusted = forwarded.IsTrusted(httpContext);
        foreach (var header in proxyRequest.Headers.NonValidated.Select(header => header.Key).ToList())
        {
            if (ForwardedHeaders.IsDropped(header, isTrusted))
            {
                proxyRequest.Headers.Remove(header);
            }
        }

        proxyRequest.Headers.Remove(RequestId.Header);
        proxyRequest.Headers.TryAddWithoutValidation(RequestId.Header, RequestId.Of(httpContext, record));
        foreach (var (name, value) in ForwardedHeaders.Of(httpContext, isTrusted))
        {
            proxyRequest.Headers.Remove(name);
            proxyRequest.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
