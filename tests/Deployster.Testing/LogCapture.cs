using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Deployster.Testing;

/// <summary>Keeps what is logged.</summary>
public sealed class LogCapture : ILoggerProvider, ILogger
{
    /// <summary>What has been logged, oldest first.</summary>
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc />
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc />
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
