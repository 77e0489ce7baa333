using Deployster.Application.Tests.Kit;
using Deployster.Application.Webhooks;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace Deployster.Application.Tests.Webhooks;

/// <summary>What tells receivers, over receivers, a store and a clock that a test holds in its hands.</summary>
internal sealed class WebhookScene : IAsyncDisposable
{
    public static readonly WebhookReceiver Tool = WebhookReceiver.Read("https://tool.example.com/s3cret")!;
    public static readonly WebhookReceiver Chat = WebhookReceiver.Read("slack+https://chat.example.com/s3cret")!;

    private readonly ServiceProvider _provider;

    public WebhookScene(params WebhookReceiver[] receivers)
        : this(new FakeStore(), receivers)
    {
    }

    /// <summary>One that goes on with what another one has left.</summary>
    public WebhookScene(FakeStore store, params WebhookReceiver[] receivers)
    {
        Store = store;
        Sender = new FakeSender(Clock);
        var bodies = Substitute.For<IWebhookBodies>();
        bodies.Write(default!).ReturnsForAnyArgs(call => $"body of {call.Arg<WebhookEvent>().Name}");
        bodies.WriteTextAlone(default!).ReturnsForAnyArgs("text");
        _provider = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(bodies)
            .AddSingleton<IWebhookSender>(Sender)
            .AddSingleton<IDeliveryStore>(Store)
            .AddDeploysterWebhooks(receivers.Length == 0 ? [Tool] : receivers)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public TimerClock Clock { get; } = new();

    public FakeSender Sender { get; }

    public FakeStore Store { get; }

    public LogCapture Log { get; } = new();

    public Outbox Outbox => _provider.GetRequiredService<Outbox>();

    public IEnumerable<string> Warnings => Log.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text);

    public Task StartAsync() => Service.StartAsync(default);

    public Task StopAsync() => Service.StopAsync(default).WaitAsync(WaitFor.Limit);

    /// <summary>The deliveries of something that happens now to a deploy of a service.</summary>
    public IReadOnlyList<Delivery> Make(string version, string service = "railsapp") => Outbox.Make([Happen(version, service)]);

    /// <summary>Has something told that is written down, as the history does.</summary>
    public void Tell(string version, string service = "railsapp")
    {
        var deliveries = Make(version, service);
        Store.Put(deliveries);
        Outbox.Add(deliveries);
    }

    /// <summary>What was tried so far, as <c>service version</c>.</summary>
    public IReadOnlyList<string> Tried(WebhookReceiver? receiver = null) =>
    [
        .. Sender.Attempts.Where(attempt => receiver is null || attempt.Receiver == receiver)
            .Select(attempt => $"{attempt.Delivery.Service} {attempt.Delivery.Event}"),
    ];

    public Task UntilTriedAsync(int count) => TestDeployster.UntilAsync(() => Sender.Attempts.Count >= count);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _provider.DisposeAsync();
    }

    private IHostedService Service => _provider.GetRequiredService<IHostedService>();

    // The name tells them apart: nobody reads it on the way.
    private WebhookEvent Happen(string version, string service)
    {
        var now = Clock.GetUtcNow();
        var deploy = new DeployId(ServiceName.Parse(service), VersionTag.Parse(version), DeployTimestamp.At(now));
        return WebhookEvent.Of($"deploy.{version}", now, Sample.Record(deploy, DeployStatus.Succeeded));
    }
}
