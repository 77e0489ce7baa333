using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Application.Webhooks;
using Deployster.Infrastructure.History;
using Deployster.Infrastructure.Webhooks;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>The history as one Deployster has it.</summary>
internal sealed class HistoryInstance : IDisposable
{
    private readonly ServiceProvider _services;

    public HistoryInstance(
        HistoryOptions options, Func<HistoryOpener, SqliteConnection>? interceptor = null, params IReadOnlyList<WebhookReceiver> receivers)
    {
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log))
            .AddSingleton<TimeProvider>(Time)
            .AddHistory(options);
        if (interceptor is not null)
        {
            services.AddSingleton<HistoryOpener>(provider => () => interceptor(provider.GetRequiredService<LightSync>().Open));
        }

        if (receivers.Count > 0)
        {
            services.AddSingleton(Substitute.For<IWebhookBodies>()).AddDeploysterWebhooks(receivers).AddWebhookSender(null);
        }

        _services = services.BuildServiceProvider();
    }

    public LogLines Log { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 25, 16, 0, 0, TimeSpan.Zero));

    public IDeployHistory History => _services.GetRequiredService<IDeployHistory>();

    public ITaskHistory Tasks => _services.GetRequiredService<ITaskHistory>();

    public IDeliveryStore Deliveries => _services.GetRequiredService<IDeliveryStore>();

    public void Dispose() => _services.Dispose();
}
