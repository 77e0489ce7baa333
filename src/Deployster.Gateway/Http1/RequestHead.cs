using Deployster.Application.Routing;
using Deployster.Gateway.Forwarding;
using Deployster.Gateway.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Known = Microsoft.Net.Http.Headers.HeaderNames;

namespace Deployster.Gateway.Http1;

/// <summary>The head of a client's request, as a unit gets it.</summary>
internal sealed class RequestHead(ForwardedHeaders forwarded)
{
    /// <summary>Writes the head: as it came, but for what is between two neighbours, and what clients may not claim.</summary>
    /// <param name="context">The request.</param>
    /// <param name="settings">How the service's requests are handled on their way.</param>
    /// <param name="record">Where the request's name is noted.</param>
    /// <param name="isUpgrade">Whether the connection may become another protocol's.</param>
    /// <param name="isChunked">Whether the body is sent in chunks.</param>
    public HeadWriter Write(
        HttpContext context, RouteSettings settings, RequestRecord record, bool isUpgrade, bool isChunked)
    {
        var writer = new HeadWriter();
        try
        {
            Write(writer, context, settings, record);
            WriteFraming(writer, context.Request, isUpgrade, isChunked);
            writer.Text("\r\n");
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private void Write(HeadWriter writer, HttpContext context, RouteSettings settings, RequestRecord record)
    {
        var request = context.Request;
        writer.Text(request.Method);
        writer.Text(" ");
        writer.Text(TargetOf(context, settings));
        writer.Text(" HTTP/1.1\r\n");
        writer.Header(Known.Host, request.Headers.Host.ToString());
        var isTrusted = forwarded.IsTrusted(context);
        var connection = request.Headers.Connection;
        foreach (var (name, values) in request.Headers)
        {
            if (!IsLeftOut(name, connection, isTrusted))
            {
                Write(writer, name, values, isJoined: HttpProtocol.IsHttp2(request.Protocol) && Is(name, Known.Cookie));
            }
        }

        foreach (var (name, value) in ForwardedHeaders.Of(context, isTrusted))
        {
            writer.Header(name, value);
        }

        if (request.Headers[RequestId.Header].Count == 0)
        {
            writer.Header(RequestId.Header, RequestId.Of(context, record));
        }
    }

    // HTTP/2 lets a client send its cookies one by one; in HTTP/1.1 they are one line.
    private static void Write(HeadWriter writer, string name, StringValues values, bool isJoined)
    {
        if (isJoined)
        {
            writer.Header(name, string.Join("; ", values.ToArray()));
            return;
        }

        foreach (var value in values)
        {
            writer.Header(name, value ?? "");
        }
    }

    private static void WriteFraming(HeadWriter writer, HttpRequest request, bool isUpgrade, bool isChunked)
    {
        var takesTrailers = request.Headers.TE.Any(te => te?.Contains("trailers", StringComparison.OrdinalIgnoreCase) == true);
        if (takesTrailers)
        {
            writer.Header(Known.TE, "trailers");
        }

        if (isUpgrade)
        {
            Write(writer, Known.Upgrade, request.Headers.Upgrade, isJoined: false);
        }

        if (takesTrailers || isUpgrade)
        {
            writer.Header(Known.Connection, (takesTrailers, isUpgrade) switch
            {
                (true, true) => "TE, Upgrade",
                (true, false) => "TE",
                _ => "Upgrade",
            });
        }

        if (isChunked)
        {
            var coding = request.Headers.TransferEncoding.ToString();
            writer.Header(Known.TransferEncoding, coding.Length == 0 ? "chunked" : coding);
        }
        else if (request.ContentLength is { } length)
        {
            writer.Header(Known.ContentLength, length);
        }
    }

    private static bool IsLeftOut(string name, StringValues connection, bool isTrusted) =>
        HopHeaders.Contains(name)
        || Is(name, Known.Host)
        || Is(name, Known.ContentLength)
        || name[0] == ':'
        || IsNamed(connection, name)
        || ForwardedHeaders.IsDropped(name, isTrusted)
        || ForwardedHeaders.IsReplaced(name);

    private static bool IsNamed(StringValues connection, string name)
    {
        foreach (var value in connection)
        {
            foreach (var part in value.AsSpan().Split(','))
            {
                if (value.AsSpan()[part].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Is(string name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);

    /// <summary>What the unit is asked for.</summary>
    public static string TargetOf(HttpContext context, RouteSettings settings)
    {
        var target = context.Target();
        if (!settings.StripsPrefix || settings.PathPrefix is not { Value: var prefix } || !target.StartsWith(prefix, StringComparison.Ordinal))
        {
            return target;
        }

        var rest = target[prefix.Length..];
        return rest.StartsWith('/') ? rest : $"/{rest}";
    }
}
