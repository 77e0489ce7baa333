using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Deployster.Testing;

/// <summary>A real browser: Debian's Chromium. Each page is a session of its own, logged in by HTTP Basic authentication.</summary>
public sealed class TestBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private TestBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>What pages complained about: script errors, what a Content-Security-Policy refused, what could not be loaded.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Every address that pages have asked for.</summary>
    public ConcurrentQueue<Uri> Requests { get; } = new();

    /// <summary>Starts the browser.</summary>
    public static async Task<TestBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        try
        {
            return new TestBrowser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = "/usr/bin/chromium",
                Args =
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                ],
            }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>An empty page that knows the password of the server at <paramref name="address"/>, which its addresses are relative to.</summary>
    public async Task<IPage> NewPageAsync(
        Uri address,
        string username,
        string password,
        ColorScheme colorScheme = ColorScheme.Light,
        int width = 1200,
        int height = 900)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            HttpCredentials = new HttpCredentials { Username = username, Password = password },
            ColorScheme = colorScheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout((float)WaitFor.Limit.TotalMilliseconds);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Complaints.Enqueue(error);
        page.Request += (_, request) => Requests.Enqueue(new Uri(request.Url));
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Complaints.Enqueue(message.Text);
            }
        };
        return page;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
