using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Deployster.Gateway.Forwarding;

/// <summary>An answer that the gateway itself gives because no unit does.</summary>
internal sealed record ErrorPage(int Status, string Title, string Text)
{
    private const int RetryAfterSeconds = 2;

    public static ErrorPage NoSuchHost(string host) => new(
        StatusCodes.Status404NotFound, "No such host", $"No service has the host name {(host.Length == 0 ? "that was left out" : host)}.");

    public static ErrorPage NoHealthyUnit(string service) => new(
        StatusCodes.Status503ServiceUnavailable, "Service unavailable", $"No unit of {service} is healthy. Try again soon.");

    public static ErrorPage NotReady { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "Service unavailable", "The gateway does not know its routes yet. Try again soon.");

    public static ErrorPage NoAnswer(string service) => new(
        StatusCodes.Status502BadGateway, "Bad gateway", $"A unit of {service} broke off before it answered.");

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = Status;
        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        }

        var isHtml = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        response.ContentType = isHtml ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        response.Headers[HeaderNames.CacheControl] = "no-store";
        return response.WriteAsync(isHtml ? ToHtml() : $"{Text}\n", context.RequestAborted);
    }

    private string ToHtml() =>
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Title}</title></head>
        <body style="font-family: sans-serif; margin: 4rem auto; max-width: 40rem; padding: 0 1rem">
        <h1>{Title}</h1>
        <p>{HtmlEncoder.Default.Encode(Text)}</p>
        </body>
        </html>

        """;
}
