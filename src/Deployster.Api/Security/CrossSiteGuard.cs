namespace Deployster.Api.Security;

/// <summary>
/// Refuses changes that another site's page asks for: a browser would send the password it remembers with them.
/// </summary>
/// <param name="allowedOrigins">The origins that may ask nevertheless.</param>
internal sealed class CrossSiteGuard(IReadOnlyList<string> allowedOrigins)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        IsSafe(context.Request.Method) || IsOwn(context.Request)
            ? next(context)
            : Results.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                detail: "A page of another site asked for this change; -cors-origin names those that may.").ExecuteAsync(context);

    /// <summary>Whether a method changes nothing.</summary>
    public static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // Browsers tell by Sec-Fetch-Site, or over plain HTTP at least by Origin; whoever sends neither is no browser.
    private bool IsOwn(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return allowedOrigins.Contains(origin)
            || (site.Length > 0 ? site is "same-origin" or "none" : origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}");
    }
}
