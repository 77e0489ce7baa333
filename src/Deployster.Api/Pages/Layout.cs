namespace Deployster.Api.Pages;

/// <summary>What all pages share.</summary>
internal static class Layout
{
    public static Html Render(string title, string fleet, Html content) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title}</title>
        <link rel="icon" href="/pages/icon.svg">
        <link rel="stylesheet" href="/pages/status.css">
        <script src="/pages/status.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#content">To the content</a>
        <header><a class="brand" href="/">Deployster</a><span class="fleet">{fleet}</span><span id="stale" role="status" hidden>out of touch, trying again</span></header>
        <main id="content" tabindex="-1">
        {content}
        </main>
        </body>
        </html>

        """);
}
