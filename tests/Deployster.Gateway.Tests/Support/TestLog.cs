using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway.Tests.Support;

/// <summary>Keeps what is logged, from a level on.</summary>
internal sealed class TestLog<T>(LogLevel least = LogLevel.Warning) : ILogger<T>
{
    /// <summary>A line each: <c>Warning: text</c>.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
        }
    }
}
