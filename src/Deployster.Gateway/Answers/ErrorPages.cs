using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Deployster.Gateway.Answers;

/// <summary>Answers with errors of the gateway: by a page from a folder, where one is there, else by the gateway's own.</summary>
internal sealed partial class ErrorPages(GatewayOptions options, ILogger<ErrorPages> logger)
{
    private const int LongestPage = 1024 * 1024;

    public async Task WriteAsync(HttpContext context, ErrorPage page)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = page.Status;
        response.Headers[HeaderNames.CacheControl] = "no-store";
        if (page.RetryAfterHeader is { } wait)
        {
            response.Headers.RetryAfter = wait;
        }

        var isHtml = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        var own = isHtml ? await ReadAsync(page.Status) : null;
        var bytes = own ?? Encoding.UTF8.GetBytes(isHtml ? page.ToHtml() : page.ToText());
        response.ContentType = isHtml ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private async Task<byte[]?> ReadAsync(int status)
    {
        if (options.ErrorPages is not { } folder)
        {
            return null;
        }

        var file = new FileInfo(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{status}.html")));
        try
        {
            return file.Exists && file.Length <= LongestPage ? await File.ReadAllBytesAsync(file.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRead(file.FullName, e.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{File} cannot be read, the gateway's own page stands in: {Cause}")]
    private partial void LogNotRead(string file, string cause);
}
