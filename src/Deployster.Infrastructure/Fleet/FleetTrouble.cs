using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Refit;

namespace Deployster.Infrastructure.Fleet;

/// <summary>What a failed request to a fleet says, in words.</summary>
internal static class FleetTrouble
{
    /// <summary>Whether an exception says that the fleet is in trouble, and not Deployster.</summary>
    public static bool Is(Exception exception) =>
        exception is HttpRequestException or ApiExceptionBase or ExecutionRejectedException or IOException or JsonException;

    /// <summary>What was the matter; null where the fleet was not asked, for it has been in trouble before.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        BrokenCircuitException => null,
        TimeoutRejectedException e => $"no answer within {e.Timeout.TotalSeconds:0.#} s",
        JsonException => "it answered 200 OK, but not as Fleet does",
        ApiException { InnerException: JsonException } e => $"{Status(e)}, but not as Fleet does",
        ApiException { HasContent: true } e when MessageOf(e) is { Length: > 0 } message => $"{Status(e)}: {message}",
        ApiException e => Status(e),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "it closed the connection without an answer",
        { InnerException: { } inner } and not IOException => Describe(inner),
        _ => exception.Message,
    };

    /// <summary>The message in the body of an answer; null where there is none.</summary>
    public static string? MessageOf(ApiException exception)
    {
        try
        {
            return JsonSerializer.Deserialize(exception.Content ?? "{}", FleetJson.Default.FleetErrorMessage)?.Error?.Message;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Status(ApiException exception) => $"it answered {(int)exception.StatusCode} {exception.ReasonPhrase}";
}
