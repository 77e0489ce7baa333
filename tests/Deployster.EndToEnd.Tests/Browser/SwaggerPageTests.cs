using Deployster.Testing;
using FluentAssertions;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace Deployster.EndToEnd.Tests.Browser;

/// <summary>The API as one tries it in a browser.</summary>
public sealed class SwaggerPageTests
{
    private TestEngine _engine = null!;
    private DeploysterProcess _deployster = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _engine = new TestEngine();
        _deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _deployster.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Test]
    public async Task Page_WhenLoggedInOnce_DeploysListsUnitsAndRunsATask()
    {
        var service = _engine.NewService("hello");
        await _engine.BuildAsync(SampleImage.Good, service, "v1");
        var page = await _browser.NewPageAsync(new BrowserNewPageOptions
        {
            HttpCredentials = new HttpCredentials { Username = "deployster", Password = DeploysterProcess.Password },
            ViewportSize = new ViewportSize { Width = 1200, Height = 900 },
        });
        await page.GotoAsync($"{_deployster.Address}swagger/index.html");

        var deployed = await TryAsync(page, "Deploys-deployVersion", service, """{"deploy":{"version":"v1"}}""", "201");
        await _deployster.Api.WaitForEndAsync(service, "v1");
        var units = await TryAsync(page, "Units-listUnits", service, null, "200");
        await RenewPictureAsync(page);
        var task = await TryAsync(page, "Tasks-runTask", service, """{"task":{"version":"v1","command":["/bin/env"]}}""", "200");

        deployed.Should().Contain("\"status\": \"in_progress\"");
        units.Should().Contain("\"sub_state\": \"running\"");
        task.Should().Contain("VERSION=v1").And.Contain("Exited (0)");
    }

    /// <summary>Opens an operation, fills it in, sends it, and gives the body of the answer.</summary>
    private static async Task<string> TryAsync(IPage page, string operation, string service, string? body, string status)
    {
        var block = page.Locator($"#operations-{operation}");
        await block.Locator(".opblock-summary-control").ClickAsync();
        await block.Locator("tr[data-param-name=service] input").FillAsync(service);
        if (body is not null)
        {
            await block.Locator("textarea.body-param__text").FillAsync(body);
        }

        await block.GetByRole(AriaRole.Button, new() { Name = "Execute", Exact = true }).ClickAsync();
        var answer = block.Locator(".live-responses-table");
        await Expect(answer.Locator("tbody .response-col_status")).ToContainTextAsync(status, new() { Timeout = 30_000 });
        return await answer.Locator(".response-col_description pre").First.InnerTextAsync();
    }

    private static async Task RenewPictureAsync(IPage page)
    {
        if (ProjectFolder.RenewsDocs)
        {
            await page.Locator("#operations-Units-listUnits").ScrollIntoViewIfNeededAsync();
            Directory.CreateDirectory(ProjectFolder.Doc("images"));
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = ProjectFolder.Doc("images", "swagger.png") });
        }
    }
}
