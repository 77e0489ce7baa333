namespace Deployster.Api.CommandLine;

/// <summary>Reads the origins whose pages may use the API.</summary>
internal static class CorsOrigins
{
    /// <exception cref="UsageException">One of them is no origin.</exception>
    public static IReadOnlyList<string> Read(string? list) =>
    [
        .. (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ReadOne),
    ];

    private static string ReadOne(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0
            ? url.GetLeftPart(UriPartial.Authority)
            : throw new UsageException($"-cors-origin must be origins, as https://tools.example.com, with ',' between them, not '{text}'.");
}
