using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Infrastructure.History;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>The history as one Deployster has it.</summary>
internal sealed class HistoryInstance : IDisposable
{
    private readonly ServiceProvider _services;

    public HistoryInstance(HistoryOptions options, Func<HistoryOpener, SqliteConnection>? interceptor = null)
    {
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log))
            .AddSingleton<TimeProvider>(Time)
            .AddHistory(options);
        if (interceptor is not null)
        {
            services.AddSingleton<HistoryOpener>(provider => () => interceptor(provider.GetRequiredService<LightSync>().Open));
        }

        _services = services.BuildServiceProvider();
    }

    public LogLines Log { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 25, 16, 0, 0, TimeSpan.Zero));

    public IDeployHistory History => _services.GetRequiredService<IDeployHistory>();

    public ITaskHistory Tasks => _services.GetRequiredService<ITaskHistory>();

    public void Dispose() => _services.Dispose();
}
