using Deployster.Application.Tests.Kit;
using Deployster.Application.Webhooks;
using static Deployster.Application.Tests.Webhooks.WebhookScene;

namespace Deployster.Application.Tests.Webhooks;

/// <summary>In which order receivers are told, how often, and for how long.</summary>
internal sealed class WebhookDispatcherTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Tell_WhenAReceiverTakesAll_IsInOrderAndForgotten()
    {
        await using var scene = new WebhookScene();
        await scene.StartAsync();

        foreach (var version in new[] { "v1", "v2", "v3" })
        {
            scene.Tell(version);
        }

        await scene.UntilTriedAsync(3);
        scene.Tried().Should().Equal("railsapp deploy.v1", "railsapp deploy.v2", "railsapp deploy.v3");
        await TestDeployster.UntilAsync(() => scene.Store.Kept.Count == 0);
        scene.Warnings.Should().BeEmpty();
    }

    [Test]
    public async Task Tell_WhenOneServicesFails_HoldsUpThatServiceAtThatReceiverAlone()
    {
        await using var scene = new WebhookScene(Tool, Chat);
        scene.Sender.Answer = (attempt, _) => Task.FromResult(
            attempt.Receiver == Tool && attempt.Delivery.Service == Sample.Service ? DeliveryAnswer.Failed("it answered 500") : DeliveryAnswer.Taken);
        await scene.StartAsync();

        scene.Tell("v1");
        scene.Tell("v2");
        scene.Tell("v1", "worker");

        await scene.UntilTriedAsync(5);
        scene.Tried(Chat).Should().BeEquivalentTo("railsapp deploy.v1", "railsapp deploy.v2", "worker deploy.v1");
        scene.Tried(Tool).Should().BeEquivalentTo("railsapp deploy.v1", "worker deploy.v1");
    }

    [Test]
    public async Task Tell_WhenAReceiverFails_IsTriedAfterPausesThatGrowUntilItIsTaken()
    {
        await using var scene = new WebhookScene();
        scene.Sender.Answer = (_, _) => Task.FromResult(DeliveryAnswer.Failed("it answered 500"));
        await scene.StartAsync();
        scene.Tell("v1");
        scene.Tell("v2");

        var pauses = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            var pause = await scene.Clock.NextWaitAsync(i);
            pauses.Add(pause.TotalSeconds);
            scene.Clock.Advance(pause);
        }

        pauses.Should().Equal(1, 2, 4, 8, 16, 32, 64, 120, 120);
        await scene.Clock.NextWaitAsync(9);
        scene.Sender.Answer = (_, _) => Task.FromResult(DeliveryAnswer.Taken);
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        await scene.UntilTriedAsync(12);
        scene.Sender.Attempts.Take(11).Select(attempt => attempt.Delivery.Id).Distinct().Should().ContainSingle("its id stays the same");
        scene.Tried()[^1].Should().Be("railsapp deploy.v2");
        scene.Warnings.Should().ContainSingle().Which.Should().Contain("tool.example.com has not taken deploy.v1 of railsapp").And.NotContain("s3cret");
    }

    [TestCase(90, 90)]
    [TestCase(0, 1)]
    [TestCase(-5, 1)]
    [TestCase(86400, 3600)]
    public async Task Tell_WhenTheReceiverSaysHowLongToWait_Waits(int asked, int expected)
    {
        await using var scene = new WebhookScene();
        scene.Sender.Answer = (_, _) => Task.FromResult(DeliveryAnswer.Failed("it answered 429", TimeSpan.FromSeconds(asked)));
        await scene.StartAsync();

        scene.Tell("v1");

        (await scene.Clock.NextWaitAsync(0)).Should().Be(TimeSpan.FromSeconds(expected));
    }

    [Test]
    public async Task Tell_WhenAReceiverIsDownForAnHour_DropsWhatIsOldAndGoesOn()
    {
        await using var scene = new WebhookScene();
        scene.Sender.Answer = (_, _) => Task.FromResult(DeliveryAnswer.Failed("it takes no connection"));
        await scene.StartAsync();
        scene.Tell("v1");
        scene.Tell("v2");
        await scene.Clock.NextWaitAsync(0);
        scene.Clock.Advance(TimeSpan.FromMinutes(59));
        await scene.Clock.NextWaitAsync(1);
        scene.Tell("v3");

        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        await scene.Clock.NextWaitAsync(2);
        scene.Sender.Answer = (_, _) => Task.FromResult(DeliveryAnswer.Taken);
        scene.Clock.Advance(TimeSpan.FromMinutes(2));

        await TestDeployster.UntilAsync(() => scene.Store.Kept.Count == 0);
        scene.Tried().Should().Equal("railsapp deploy.v1", "railsapp deploy.v1", "railsapp deploy.v1", "railsapp deploy.v3");
        scene.Warnings.Last().Should().Contain("tool.example.com").And.Contain("2 deliveries are dropped").And.NotContain("s3cret");
    }

    [Test]
    public async Task Tell_WhenAReceiverRefuses_DropsItAndGoesOn()
    {
        await using var scene = new WebhookScene();
        scene.Sender.Answer = (attempt, _) => Task.FromResult(
            attempt.Delivery.Event == "deploy.v1" ? DeliveryAnswer.Refused("it answered 404") : DeliveryAnswer.Taken);
        await scene.StartAsync();

        scene.Tell("v1");
        scene.Tell("v2");

        await TestDeployster.UntilAsync(() => scene.Store.Kept.Count == 0);
        scene.Tried().Should().Equal("railsapp deploy.v1", "railsapp deploy.v2");
        scene.Warnings.Single().Should().Contain("tool.example.com does not take deploy.v1 of railsapp, which is dropped: it answered 404");
    }

    [Test]
    public async Task Tell_WhenSendingGoesWrongWithinDeployster_IsTriedAgainAndTellsNoMessage()
    {
        await using var scene = new WebhookScene();
        scene.Sender.Answer = (attempt, _) => throw new InvalidOperationException($"{attempt.Receiver.Url} is odd");
        await scene.StartAsync();
        scene.Tell("v1");

        await scene.Clock.NextWaitAsync(0);
        scene.Clock.Advance(s_second);
        await scene.UntilTriedAsync(2);

        scene.Log.Lines.Should().OnlyContain(line => !line.Text.Contains("s3cret"));
    }

    [Test]
    public async Task Tell_WhenAReceiverIsSlow_HasFewAttemptsUnderWayAndHoldsUpNoOther()
    {
        await using var scene = new WebhookScene(Tool, Chat);
        scene.Sender.Answer = async (attempt, stop) =>
        {
            await Task.Delay(attempt.Receiver == Tool ? Timeout.Infinite : 0, stop);
            return DeliveryAnswer.Taken;
        };
        await scene.StartAsync();

        for (var i = 0; i < 20; i++)
        {
            scene.Tell("v1", $"service-{i}");
        }

        await TestDeployster.UntilAsync(() => scene.Tried(Chat).Count == 20);
        scene.Tried(Tool).Should().HaveCount(WebhookDispatcher.MostAtOnce);
        await scene.StopAsync();
    }
}
