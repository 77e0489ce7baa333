using Deployster.EndToEnd.Tests.Contract;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Playwright;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Browser;

/// <summary>The API as one tries it in a browser.</summary>
public sealed class SwaggerPageTests
{
    private TestEngine _engine = null!;
    private DeploysterProcess _deployster = null!;
    private TestBrowser _browser = null!;
    private string _service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _engine = new TestEngine();
        _deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}");
        _browser = await TestBrowser.StartAsync();
        _service = _engine.NewService("hello");
        await _engine.BuildAsync(SampleImage.Good, _service, "v1");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _browser.DisposeAsync();
        await _deployster.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Test]
    public async Task Page_WhenLoggedInOnce_DeploysListsUnitsAndRunsATask()
    {
        var page = await SwaggerPage.OpenAsync(_browser, _deployster);

        var deployed = await page.TryAsync("Deploys-deployVersion", 201, """{"deploy":{"version":"v1"}}""", ("service", _service));
        await _deployster.Api.WaitForEndAsync(_service, "v1");
        var units = await page.TryAsync("Units-listUnits", 200, null, ("service", _service));
        await RenewPictureAsync(page.Page);
        var task = await page.TryAsync(
            "Tasks-runTask", 200, """{"task":{"version":"v1","command":["/bin/env"]}}""", ("service", _service));

        deployed.Should().Contain("\"status\": \"in_progress\"");
        units.Should().Contain("\"sub_state\": \"running\"");
        task.Should().Contain("VERSION=v1").And.Contain("Exited (0)");
    }

    [Test]
    public async Task EveryOperation_WhenTriedOut_AnswersInThePage()
    {
        await _engine.BuildAsync(SampleImage.Good, _service, "v2");
        var page = await SwaggerPage.OpenAsync(_browser, _deployster);
        var service = ("service", _service);
        var version = ("version", "v1");

        (await page.TryAsync("Deploys-deployVersion", 200, """{"deploy":{"version":"v1"}}""", service, ("dry_run", "true"))).Should().Contain("\"launch\"");
        (await page.TryAsync("Deploys-deployVersion", 201, """{"deploy":{"version":"v1"}}""", ("dry_run", "false"))).Should().Contain("v1");
        (await page.TryAsync("Deploys-followDeploy", 200, null, service, version)).Should().Contain("event: succeeded");
        (await page.TryAsync("Deploys-deployVersion", 200, """{"deploy":{"version":"v2","destroy_previous":true}}""", ("follow", "true"))).Should().Contain("Deployed: ");
        (await page.TryAsync("Deploys-listDeploys", 200, null, service)).Should().Contain("v2");
        (await page.TryAsync("Deploys-getDeploy", 200, null, service, ("version", "v2"))).Should().Contain("succeeded");
        (await page.TryAsync("Units-listUnits", 200, null, service)).Should().Contain("running");
        await page.TryAsync("Units-readUnitLog", 200, null, service);
        (await page.TryAsync("Services-listServices", 200)).Should().Contain(_service);
        (await page.TryAsync("Services-scaleService", 200, """{"instance_count":1}""", service)).Should().Contain("v2");
        (await page.TryAsync("Routes-listHosts", 200)).Should().Contain($"{_service}.localhost");
        (await page.TryAsync("Services-setMaintenance", 200, """{"enabled":true,"message":"Back at nine."}""", service)).Should().Contain("Back at nine.");
        (await page.TryAsync("Services-getMaintenance", 200, null, service)).Should().Contain("Back at nine.");
        await page.TryAsync("Services-endMaintenance", 204, null, service);
        (await page.TryAsync("Services-rollBackService", 201, null, service)).Should().Contain("v1");
        await _deployster.Api.WaitForEndAsync(_service, "v1");
        await _deployster.Api.DeployAsync(_service, new { Version = "v1", DestroyPrevious = true, Strategy = new { Canary = 1 } });
        await _deployster.Api.WaitForCanaryAsync(_service, "v1");
        (await page.TryAsync("Deploys-promoteDeploy", 200, null, service, version)).Should().Contain("\"canary\": null");
        await _deployster.Api.WaitForEndAsync(_service, "v1");
        (await page.TryAsync("Tasks-runTask", 202, """{"task":{"version":"v1","command":["sh","-c","trap exit TERM; echo done; sleep 60 & wait"]}}""", service, ("detach", "true"))).Should().Contain("running");
        var id = ("id", (await _deployster.Api.GetAsync($"/v1/services/{_service}/tasks")).GetProperty("tasks")[0].GetProperty("id").GetString()!);
        (await page.TryAsync("Tasks-listTasks", 200, null, service)).Should().Contain(id.Item2);
        (await page.TryAsync("Tasks-getTask", 200, null, id)).Should().Contain("echo done");
        await page.TryAsync("Tasks-cancelTask", 204, null, id);
        (await page.TryAsync("Tasks-readTaskOutput", 200, null, id)).Should().Contain("done").And.Contain("Exited (143)");
        await page.TryAsync("Deploys-destroyVersion", 204, null, service, version);
        await page.TryAsync("Routes-tellDrained", 204, $$"""{"unit":"{{_service}}:v1:2015.03.02-00.31.45@1.service","version":1}""");
        (await page.TryAsync("Prune-prune", 200, null, ("dry_run", "true"))).Should().Contain("\"images\"");
        (await page.TryAsync("Version-getVersion", 200)).Should().Contain("docker");

        // The page shows an answer when it has ended, and this one never does.
        page.Tried.Append("followRoutes").Should().BeEquivalentTo(Operation.ReadDocumented().Select(operation => operation.Id));
        _browser.Complaints.Should().BeEmpty();
    }

    private static async Task RenewPictureAsync(IPage page)
    {
        if (ProjectFolder.RenewsDocs)
        {
            await page.Locator("#operations-Units-listUnits").ScrollIntoViewIfNeededAsync();
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = ProjectFolder.Doc("images", "swagger.png") });
        }
    }
}
