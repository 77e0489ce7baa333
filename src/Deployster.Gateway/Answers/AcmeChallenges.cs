using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Deployster.Gateway.Answers;

/// <summary>Answers what an ACME server asks for to see who owns a host name, RFC 8555, section 8.3. A tool writes the files.</summary>
internal sealed partial class AcmeChallenges(GatewayOptions options)
{
    private const string Folder = "/.well-known/acme-challenge/";

    /// <summary>Whether a request is answered here.</summary>
    public bool Takes(HttpContext context) =>
        options.AcmeWebRoot is not null && !context.Request.IsHttps && context.Request.Path.StartsWithSegments(Folder.TrimEnd('/'));

    public async Task AnswerAsync(HttpContext context)
    {
        var token = Token().Match(context.Request.Path.Value ?? "");
        var file = Path.Combine(options.AcmeWebRoot!, Folder.Trim('/'), token.Groups[1].Value);
        if (!token.Success || !File.Exists(file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        await context.Response.SendFileAsync(file, context.RequestAborted);
    }

    [GeneratedRegex(@"\A/\.well-known/acme-challenge/([A-Za-z0-9_-]{1,256})\z")]
    private static partial Regex Token();
}
