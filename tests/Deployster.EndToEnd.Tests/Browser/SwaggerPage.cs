using Deployster.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Deployster.EndToEnd.Tests.Browser;

/// <summary>Swagger UI in a browser, logged in once.</summary>
internal sealed class SwaggerPage(IPage page)
{
    private readonly HashSet<string> _tried = [];
    private string? _open;

    /// <summary>The operations that were tried.</summary>
    public IReadOnlySet<string> Tried => _tried;

    public IPage Page => page;

    public static async Task<SwaggerPage> OpenAsync(TestBrowser browser, DeploysterProcess deployster)
    {
        var page = await browser.NewPageAsync(deployster.Address, "deployster", DeploysterProcess.Password);
        await page.GotoAsync("/swagger/index.html");
        return new SwaggerPage(page);
    }

    /// <summary>Opens an operation, fills it in, sends it, waits for the status, and gives the body that the page shows.</summary>
    /// <param name="operation">Its tag and id: <c>Units-listUnits</c>.</param>
    /// <param name="status">The status that must be shown.</param>
    /// <param name="body">The request's body, where it has one.</param>
    /// <param name="fields">What to fill into its parameters; the others stay as they were, at first as the document's examples have them.</param>
    public async Task<string> TryAsync(string operation, int status, string? body = null, params (string Name, string Value)[] fields)
    {
        _tried.Add(operation.Split('-')[1]);
        await OpenAsync(operation);
        var block = BlockOf(operation);

        foreach (var (name, value) in fields)
        {
            var field = block.Locator($"tr[data-param-name={name}]");
            if (value is "true" or "false")
            {
                await field.Locator("select").SelectOptionAsync(value);
            }
            else
            {
                await field.Locator("input").FillAsync(value);
            }
        }

        if (body is not null)
        {
            await block.Locator("textarea.body-param__text").FillAsync(body);
        }

        await block.GetByRole(AriaRole.Button, new() { Name = "Execute", Exact = true }).ClickAsync();
        var answer = block.Locator(".live-responses-table");
        await Expect(answer.Locator("tbody .response-col_status")).ToContainTextAsync($"{status}", new() { Timeout = 30_000 });
        return await answer.Locator(".response-col_description pre").First.InnerTextAsync();
    }

    // The page is drawn anew with each change, and slowly where many operations are open.
    private async Task OpenAsync(string operation)
    {
        if (operation == _open)
        {
            return;
        }

        if (_open is not null)
        {
            await BlockOf(_open).Locator(".opblock-summary-control").ClickAsync();
        }

        await BlockOf(operation).Locator(".opblock-summary-control").ClickAsync();
        _open = operation;
    }

    private ILocator BlockOf(string operation) => page.Locator($"#operations-{operation}");
}
