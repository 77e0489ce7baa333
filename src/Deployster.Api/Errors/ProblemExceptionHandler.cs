using Deployster.Api.Security;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Maintenances;
using Deployster.Application.Pruning;
using Deployster.Application.Tasks;
using Deployster.Application.Units;
using FluentValidation;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Errors;

/// <summary>Tells every exception as a problem, RFC 9457; of what was not foreseen only that it happened.</summary>
internal sealed partial class ProblemExceptionHandler(
    IProblemDetailsService problems, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    // How long a task takes nobody knows.
    private const string RetryAfterSeconds = "5";

    public async ValueTask<bool> TryHandleAsync(
        HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var problem = ProblemOf(exception);
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogUnexpected(exception, context.Request.Method, context.Request.Path);
        }

        if (exception is TaskLimitException)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        context.Response.StatusCode = problem.Status!.Value;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
        return true;
    }

    private static ProblemDetails ProblemOf(Exception exception) => exception switch
    {
        ValidationException e => new ValidationProblemDetails(
            e.Errors.GroupBy(error => error.PropertyName).ToDictionary(
                field => field.Key, field => field.Select(error => error.ErrorMessage).ToArray()))
        {
            Status = StatusCodes.Status400BadRequest,
            Detail = string.Join(' ', e.Errors.Select(error => $"{error.PropertyName} {error.ErrorMessage}")),
        },
        SpecRefusedException e => new ValidationProblemDetails(new Dictionary<string, string[]> { [e.Field] = [e.Rule] })
        {
            Status = StatusCodes.Status400BadRequest,
            Detail = $"{e.Field} {e.Rule}",
        },
        NotFoundException e => Problem(StatusCodes.Status404NotFound, e.Message),
        ConflictException e => Conflict(e),
        TaskRefusedException => Problem(StatusCodes.Status422UnprocessableEntity, exception.Message),
        TaskLimitException => Problem(StatusCodes.Status429TooManyRequests, exception.Message),
        LogsNotOfferedException or PruneNotOfferedException => Problem(StatusCodes.Status501NotImplemented, exception.Message),
        FleetUnavailableException or HistoryUnavailableException or MaintenanceNotKeptException =>
            Problem(StatusCodes.Status503ServiceUnavailable, exception.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            Problem(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {SurfaceSecurity.MaxBodyBytes / 1024} KiB."),
        BadHttpRequestException e => Problem(e.StatusCode, e.Message),
        _ => Problem(StatusCodes.Status500InternalServerError, "Something went wrong within Deployster; its log tells what."),
    };

    private static ProblemDetails Conflict(ConflictException exception)
    {
        var problem = Problem(StatusCodes.Status409Conflict, exception.Message);
        if (exception.UnderWayId is { } deployId)
        {
            problem.Extensions["deploy"] = DeployPath.Of(deployId);
        }

        return problem;
    }

    private static ProblemDetails Problem(int status, string detail) => new() { Status = status, Detail = detail };

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogUnexpected(Exception exception, string method, string path);
}
