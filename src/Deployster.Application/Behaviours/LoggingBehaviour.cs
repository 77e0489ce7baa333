using MediatR;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Behaviours;

/// <summary>Notes every request and how long it took. Its content may hold secrets and stays out.</summary>
internal sealed partial class LoggingBehaviour<TRequest, TResponse>(
    TimeProvider time, ILogger<LoggingBehaviour<TRequest, TResponse>> logger) : IPipelineBehavior<TRequest, TResponse>
{
    public async Task<TResponse> Handle(
        TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var started = time.GetTimestamp();
        var response = await next();
        LogHandled(typeof(TRequest).Name, time.GetElapsedTime(started).TotalMilliseconds);
        return response;
    }

    [LoggerMessage(LogLevel.Debug, "{Request} took {Milliseconds:0} ms")]
    private partial void LogHandled(string request, double milliseconds);
}
