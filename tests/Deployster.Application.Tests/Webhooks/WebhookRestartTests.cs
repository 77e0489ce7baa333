using System.Collections.Concurrent;
using Deployster.Application.Tests.Kit;
using Deployster.Application.Webhooks;
using static Deployster.Application.Tests.Webhooks.WebhookScene;

namespace Deployster.Application.Tests.Webhooks;

/// <summary>What becomes of deliveries when the process ends, and when the next one begins.</summary>
internal sealed class WebhookRestartTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Start_WhenTheProcessBeforeLeftDeliveries_SendsThemBeforeAllOthers()
    {
        await using var scene = new WebhookScene();
        scene.Store.Put(scene.Make("v1"));
        scene.Store.Put(scene.Make("v2"));
        scene.Tell("v3");

        await scene.StartAsync();

        await scene.UntilTriedAsync(3);
        scene.Tried().Should().Equal("railsapp deploy.v1", "railsapp deploy.v2", "railsapp deploy.v3");
    }

    [Test]
    public async Task Start_WhenADeliveryIsOld_IsTriedOnceAllTheSame()
    {
        await using var scene = new WebhookScene();
        scene.Store.Put(scene.Make("v1"));
        scene.Clock.Advance(TimeSpan.FromHours(3));
        scene.Sender.Answer = (_, _) => Task.FromResult(DeliveryAnswer.Failed("it takes no connection"));

        await scene.StartAsync();

        await TestDeployster.UntilAsync(() => scene.Store.Kept.Count == 0);
        scene.Tried().Should().ContainSingle();
        scene.Warnings.Single().Should().Contain("1 deliveries are dropped");
    }

    [Test]
    public async Task Start_WhenAReceiverIsNoneAnyMore_ForgetsItsDeliveries()
    {
        await using var before = new WebhookScene(Chat);
        await using var scene = new WebhookScene(Tool);
        scene.Store.Put(before.Make("v1"));

        await scene.StartAsync();

        await TestDeployster.UntilAsync(() => scene.Store.Kept.Count == 0);
        scene.Tried().Should().BeEmpty();
    }

    [Test]
    public async Task Start_WhenTheHistoryIsSilent_WaitsForAWhileAndThenSendsWhatMemoryHas()
    {
        await using var scene = new WebhookScene();
        scene.Store.IsAway = true;
        scene.Store.Put(scene.Make("v1"));
        await scene.StartAsync();
        scene.Outbox.Add(scene.Make("v2"));
        await TestDeployster.UntilAsync(() => scene.Clock.Count >= 2);
        scene.Tried().Should().BeEmpty();

        for (var i = 0; scene.Tried().Count == 0; i++)
        {
            i.Should().BeLessThan(1000);
            scene.Clock.Advance(s_second);
            await Task.Delay(1);
        }

        scene.Tried().Should().Equal("railsapp deploy.v2");
        scene.Store.IsAway = false;
        for (var i = 0; scene.Store.Kept.Count > 0; i++)
        {
            i.Should().BeLessThan(1000);
            scene.Clock.Advance(s_second);
            await Task.Delay(1);
        }

        scene.Tried().Should().Equal("railsapp deploy.v2", "railsapp deploy.v1");
    }

    [Test]
    public async Task Tell_WhateverFailsAndHoweverOftenTheProcessEnds_ReachesEachReceiverInOrder()
    {
        const int Lives = 20;
        var (services, answers) = (new Random(7), new Random(8));
        var store = new FakeStore();
        var told = new List<(string Service, string Event)>();
        var taken = new ConcurrentQueue<(WebhookReceiver Receiver, string Service, string Event)>();
        for (var life = 1; life <= Lives; life++)
        {
            await using var scene = new WebhookScene(store, Tool, Chat);
            scene.Sender.Answer = (attempt, _) => Task.FromResult(Answer(attempt));
            await scene.StartAsync();
            for (var i = 0; i < 10; i++)
            {
                var (service, version) = ($"service-{services.Next(3)}", $"v{told.Count}");
                told.Add((service, $"deploy.{version}"));
                scene.Tell(version, service);
                scene.Clock.Advance(s_second);
                await Task.Yield();
            }

            for (var i = 0; life == Lives && store.Kept.Count > 0; i++)
            {
                i.Should().BeLessThan(3600, "all is told within the hour");
                scene.Clock.Advance(s_second);
                await Task.Delay(1);
            }
        }

        foreach (var receiver in new[] { Tool, Chat })
        {
            foreach (var service in told.GroupBy(happened => happened.Service))
            {
                taken.Where(it => it.Receiver == receiver && it.Service == service.Key).Select(it => it.Event).Distinct()
                    .Should().Equal(service.Select(happened => happened.Event));
            }
        }

        DeliveryAnswer Answer(FakeSender.Attempt attempt)
        {
            lock (answers)
            {
                if (answers.Next(3) == 0)
                {
                    return DeliveryAnswer.Failed("it answered 500");
                }
            }

            taken.Enqueue((attempt.Receiver, attempt.Delivery.Service.Value, attempt.Delivery.Event));
            return DeliveryAnswer.Taken;
        }
    }

    [Test]
    public async Task Stop_WhileAReceiverIsSlowAndAnotherIsLeftAlone_IsPromptAndKeepsBoth()
    {
        await using var scene = new WebhookScene(Tool, Chat);
        scene.Sender.Answer = async (attempt, stop) =>
        {
            await Task.Delay(attempt.Receiver == Tool ? Timeout.Infinite : 0, stop);
            return DeliveryAnswer.Failed("it answered 500");
        };
        await scene.StartAsync();
        scene.Tell("v1");
        await scene.Clock.NextWaitAsync(0);

        await scene.StopAsync();

        scene.Store.Kept.Should().HaveCount(2);
    }
}
