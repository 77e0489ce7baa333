using Deployster.FleetStandIn;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Playwright;
using NUnit.Framework;
using static Microsoft.Playwright.Assertions;

namespace Deployster.EndToEnd.Tests.Browser;

/// <summary>The status page as a person sees it, over a fleet on which something happens.</summary>
public sealed class StatusPageTests
{
    private readonly TestEngine _engine = new();
    private FleetServer _fleet = null!;
    private DeploysterProcess _deployster = null!;
    private TestBrowser _browser = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _fleet = await FleetServer.StartAsync(new FleetServerOptions
        {
            // Long enough to be looked at.
            Behavior = unit => unit.Name.Contains(":slow", StringComparison.Ordinal)
                ? UnitBehavior.Healthy with { StartPost = TimeSpan.FromSeconds(10) }
                : VersionBehaviors.Choose(unit, UnitBehavior.Healthy),
        });
        _deployster = await DeploysterProcess.StartAsync(
            $"-fleet={_fleet.Address}", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}");
        _browser = await TestBrowser.StartAsync();
        await DeployAsync("railsapp", new { Version = "7bdae1c", InstanceCount = 2 });
        await DeployAsync("mailer", new { Version = "v1.4.0" });
        await DeployAsync("mailer", new { Version = "fails-v1.5.0", DestroyPrevious = true });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _browser.DisposeAsync();
        await _deployster.DisposeAsync();
        await _fleet.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [TearDown]
    public void NobodyElseWasAskedAndNoPolicyBroken()
    {
        _browser.Complaints.Should().BeEmpty();
        _browser.Requests.Should().NotBeEmpty().And.OnlyContain(address => address.Authority == _deployster.Address.Authority);
    }

    [Test]
    public async Task Overview_WhileARolloutIsUnderWay_FollowsItToItsEndWithoutBeingLoadedAgain()
    {
        var page = await OpenAsync("/");
        await page.EvaluateAsync("window.isTheSame = true");

        await _deployster.Api.DeployAsync("railsapp", new { Version = "slow-e2f9b04", InstanceCount = 3, DestroyPrevious = true });

        var railsapp = page.GetByRole(AriaRole.Region, new() { Name = "railsapp" });
        await Expect(railsapp.Locator(".rollout .events li").Nth(2)).ToBeVisibleAsync(Within(20));
        await Expect(railsapp.GetByText("starting").First).ToBeVisibleAsync(Within(20));
        await ScreenshotAsync(page, "status");
        await ScreenshotAsync(await OpenAsync("/", ColorScheme.Dark), "status-dark");
        await ScreenshotAsync(await OpenAsync("/", width: 360), "status-360");
        await Expect(railsapp.Locator(".rollout")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await Expect(railsapp).ToContainTextAsync("3 of 3 healthy");
        await Expect(railsapp).Not.ToContainTextAsync("7bdae1c");
        (await page.EvaluateAsync<bool>("window.isTheSame")).Should().BeTrue();
    }

    [Test]
    public async Task Deploy_WithTheKeyboardAlone_IsReachedAndTellsItsEventsAndItsReason()
    {
        var page = await OpenAsync("/");
        var link = page.GetByRole(AriaRole.Link, new() { Name = "mailer:fails-v1.5.0" });

        for (var presses = 0; presses < 30 && !await link.EvaluateAsync<bool>("link => link === document.activeElement"); presses++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "mailer:fails-v1.5.0" })).ToBeVisibleAsync();
        await Expect(page.Locator(".badge.rolled_back")).ToBeVisibleAsync();
        await Expect(page.Locator(".reason")).ToContainTextAsync("fails-v1.5.0");
        (await page.Locator(".events li").CountAsync()).Should().BeGreaterThan(2);
        await ScreenshotAsync(page, "deploy");
    }

    [Test]
    public async Task Task_WhileItRuns_ShowsItsOutputAsItComesAndThenHowItEnded()
    {
        await _engine.BuildAsync(SampleImage.Good, "mailer", "v1.4.0");
        var task = await _deployster.Api.PostAsync(
            "/v1/services/mailer/tasks?detach=true",
            new { Task = new { Version = "v1.4.0", Command = new[] { "sh", "-c", "trap 'echo \"<b>done</b>\"; exit' TERM; echo migrating; sleep 60 & wait" } } });
        var page = await OpenAsync("/");

        await page.GetByRole(AriaRole.Link, new() { Name = "mailer: sh -c" }).ClickAsync();

        var output = page.GetByLabel("Output");
        await Expect(output).ToHaveTextAsync("migrating\n", new() { Timeout = 10_000 });
        await Expect(page.Locator(".badge.running")).ToBeVisibleAsync();
        await _deployster.Api.DeleteAsync($"/v1/tasks/{task.GetProperty("id")}");
        await Expect(output).ToHaveTextAsync(
            "migrating\n<b>done</b>\n\nExited (143) The task was cancelled by deployster.\n", new() { Timeout = 10_000 });
        await Expect(page.Locator(".badge.cancelled")).ToBeVisibleAsync();
        await ScreenshotAsync(page, "task");
    }

    [TestCase("/")]
    [TestCase("/services/mailer/deploys/fails-v1.5.0")]
    [TestCase("/services/mailer/deploys/v1.4.0")]
    public async Task Page_OnANarrowScreen_NeedsNoScrollingSideways(string path)
    {
        var page = await OpenAsync(path, width: 360);

        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(360);
        await ScreenshotAsync(page, path == "/" ? "narrow" : "narrow-" + path.Split('/')[^1]);
    }

    [Test]
    public async Task Page_InADarkSurrounding_IsDark()
    {
        var page = await OpenAsync("/", ColorScheme.Dark);

        (await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")).Should().Be("rgb(17, 21, 27)");
    }

    private static LocatorAssertionsToBeVisibleOptions Within(int seconds) => new() { Timeout = seconds * 1000 };

    private static Task<byte[]> ScreenshotAsync(IPage page, string name) => page.ScreenshotAsync(new()
    {
        Path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "screenshots", $"{name}.png"),
        FullPage = true,
    });

    private async Task DeployAsync(string service, object deploy)
    {
        var asked = await _deployster.Api.DeployAsync(service, deploy);
        await _deployster.Api.WaitForEndAsync(service, asked.GetProperty("version").GetString()!);
    }

    private async Task<IPage> OpenAsync(string path, ColorScheme colorScheme = ColorScheme.Light, int width = 1100)
    {
        var page = await _browser.NewPageAsync(_deployster.Address, "deployster", DeploysterProcess.Password, colorScheme, width, 800);
        await page.GotoAsync(path);
        return page;
    }
}
