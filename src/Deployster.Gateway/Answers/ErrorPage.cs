using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Deployster.Gateway.Answers;

/// <summary>An answer that the gateway itself gives because no unit does.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Text">What the client reads.</param>
internal sealed record ErrorPage(int Status, string Title, string Text)
{
    private const string Again = "Try again soon.";

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    /// <summary>When it may be worth to come again; null where nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ErrorPage NotReady { get; } = Unavailable("The gateway does not know its routes yet.");

    public static ErrorPage BodyTooLate { get; } = new(
        StatusCodes.Status408RequestTimeout, "Request timeout", "The request's body did not come in time.");

    public static ErrorPage NoBody { get; } = new(
        StatusCodes.Status400BadRequest, "Bad request", "The request's body is not what its head says.");

    public static ErrorPage NoRequest { get; } = new(
        StatusCodes.Status400BadRequest, "Bad request", "The request has a path, a header or a method that cannot be passed on.");

    public static ErrorPage NoSuchHost(string host) => new(
        StatusCodes.Status404NotFound, "No such host", $"No service has the host name {(host.Length == 0 ? "that was left out" : host)}.");

    public static ErrorPage NoSuchPath(string host) => new(
        StatusCodes.Status404NotFound, "No such path", $"The services of {host} have other paths.");

    public static ErrorPage NoHealthyUnit(string service) => Unavailable($"No unit of {service} is healthy.");

    public static ErrorPage NoAnswer(string service) => new(
        StatusCodes.Status502BadGateway, "Bad gateway", $"A unit of {service} broke off before it answered.");

    public static ErrorPage TooLate(string service) => new(
        StatusCodes.Status504GatewayTimeout, "Gateway timeout", $"A unit of {service} did not answer in time.");

    public static ErrorPage Closed(string service, Application.Routing.Maintenance closed) => new(
        StatusCodes.Status503ServiceUnavailable, "Back soon", closed.Message ?? $"{service} is closed for maintenance.")
    {
        RetryAfter = closed.RetryAfter,
    };

    /// <summary>The page as text.</summary>
    public string ToText() => $"{Text}\n";

    /// <summary>The page for browsers.</summary>
    public string ToHtml() =>
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

    /// <summary>The header that tells when to come again; null for none.</summary>
    public string? RetryAfterHeader =>
        RetryAfter is { } wait ? Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture) : null;

    private static ErrorPage Unavailable(string text) =>
        new(StatusCodes.Status503ServiceUnavailable, "Service unavailable", $"{text} {Again}") { RetryAfter = s_soon };
}
