using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Deployster.Gateway.Answers;

/// <summary>Tells browsers to ask in HTTPS only, RFC 6797, if told to. What a unit says of it itself wins.</summary>
internal sealed class StrictTransport(GatewayOptions options)
{
    private readonly string? _value = options.StrictTransport is { } time
        ? string.Create(CultureInfo.InvariantCulture, $"max-age={(long)time.TotalSeconds}")
        : null;

    public void Announce(HttpContext context)
    {
        if (_value is null || !context.Request.IsHttps)
        {
            return;
        }

        context.Response.OnStarting(() =>
        {
            if (context.Response.Headers.StrictTransportSecurity.Count == 0)
            {
                context.Response.Headers.StrictTransportSecurity = _value;
            }

            return Task.CompletedTask;
        });
    }
}
