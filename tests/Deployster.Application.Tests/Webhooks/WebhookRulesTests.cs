using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Application.Tests.Kit;
using Deployster.Application.Webhooks;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Tasks;

namespace Deployster.Application.Tests.Webhooks;

/// <summary>What receivers are told, and when.</summary>
internal sealed class WebhookRulesTests
{
    private static readonly DateTimeOffset s_now = new(2015, 3, 1, 0, 30, 0, TimeSpan.Zero);

    [Test]
    public void Of_WhenADeployIsWrittenDownForTheFirstTime_TellsThatItWasRequested()
    {
        var told = Told(null, DeployStatus.InProgress).Single();

        told.Name.Should().Be("deploy.requested");
        told.Service.Should().Be(Sample.Service);
        told.Time.Should().Be(Deploy(DeployStatus.InProgress).Intention.RequestedAt);
    }

    [TestCase(DeployStatus.Succeeded, "deploy.succeeded")]
    [TestCase(DeployStatus.Failed, "deploy.failed")]
    [TestCase(DeployStatus.RolledBack, "deploy.rolled_back")]
    [TestCase(DeployStatus.Cancelled, "deploy.cancelled")]
    public void Of_WhenADeployEnds_TellsHow(DeployStatus status, string name) =>
        Told(DeployStatus.InProgress, status).Select(told => told.Name).Should().Equal(name);

    [Test]
    public void Of_WhenADeployIsUnderWay_TellsNothing() =>
        Told(DeployStatus.InProgress, DeployStatus.InProgress).Should().BeEmpty();

    [TestCase(DeployStatus.Succeeded)]
    [TestCase(DeployStatus.RolledBack)]
    public void Of_WhenItsEndIsWrittenDown_TellsNothing(DeployStatus before) =>
        Told(before, DeployStatus.Succeeded).Should().BeEmpty("it was scaled");

    [Test]
    public void Of_WhenTheHistoryWasSilentUpToTheEnd_TellsBothInOrderAndAsTheyWere()
    {
        var told = Told(null, DeployStatus.Succeeded);

        told.Select(happened => happened.Name).Should().Equal("deploy.requested", "deploy.succeeded");
        told[0].Deploy.Should().BeEquivalentTo(new { Status = DeployStatus.InProgress, EndedAt = default(DateTimeOffset?), Message = default(string) });
    }

    [Test]
    public void Of_WhenItIsMoreThanAnHourAgo_TellsNothing() =>
        WebhookRules.Of(default(DeployStatus?), Deploy(DeployStatus.Succeeded), s_now.AddHours(1)).Should().BeEmpty("its record was lost, and made anew");

    [Test]
    public void Of_WhenNobodySawTheEnd_TellsNothingOfIt() =>
        WebhookRules.Of(DeployStatus.InProgress, Deploy(DeployStatus.Succeeded) with { EndedAt = null }, s_now).Should().BeEmpty();

    [Test]
    public void Of_WhenATaskEnds_TellsItOnce()
    {
        var task = Task(TaskEnd.Exited(1));

        WebhookRules.Of(false, task with { End = null, EndedAt = null }, s_now).Should().BeEmpty();
        WebhookRules.Of(false, task, s_now).Select(told => told.Name).Should().Equal("task.ended");
        WebhookRules.Of(true, task, s_now).Should().BeEmpty();
    }

    [Test]
    public void Text_OfEachEvent_IsASentence()
    {
        Told(null, DeployStatus.InProgress)[0].Text.Should().Be("Deploy of railsapp:v1 requested by ada: 2 units.");
        Told(DeployStatus.InProgress, DeployStatus.RolledBack)[0].Text.Should().Be("Deploy of railsapp:v1 rolled back: It has <exited> & so on.");
        WebhookRules.Of(false, Task(TaskEnd.Exited(1)), s_now).Single().Text.Should().Be("Task rake db:migrate of railsapp:v1 ended: Exited (1)");
    }

    [Test]
    public void Text_OfALongMessage_IsCutBetweenTwoCharacters()
    {
        var deploy = Deploy(DeployStatus.Failed) with { Message = string.Concat(Enumerable.Repeat("🚀", 5000)) };

        foreach (var shifted in new[] { deploy, deploy with { Message = $"x{deploy.Message}" } })
        {
            var text = WebhookRules.Of(DeployStatus.InProgress, shifted, s_now).Single().Text;
            text.Length.Should().BeInRange(1998, 2000);
            text.Should().EndWith("🚀…");
        }
    }

    private static List<WebhookEvent> Told(DeployStatus? before, DeployStatus status) =>
        [.. WebhookRules.Of(before, Deploy(status), s_now)];

    private static DeployRecord Deploy(DeployStatus status) => Sample.Record(
        Sample.DeployId("v1"), status, DeploySpec.Default with { InstanceCount = 2 }) with
    {
        Message = status == DeployStatus.InProgress ? null : "It has <exited> & so on.",
        Requester = new Requester("ada", null),
    };

    private static TaskRecord Task(TaskEnd end) => new()
    {
        Id = TaskId.New(s_now),
        Service = Sample.Service,
        Version = VersionTag.Parse("v1"),
        Image = "mycompany/railsapp:v1",
        Command = ["rake", "db:migrate"],
        Timeout = TimeSpan.FromMinutes(1),
        RequestedAt = s_now.AddMinutes(-1),
        EndedAt = s_now,
        End = end,
    };
}
