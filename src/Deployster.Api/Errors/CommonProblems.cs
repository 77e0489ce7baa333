using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Errors;

/// <summary>Says of the framework's own problems what it leaves open.</summary>
internal static class CommonProblems
{
    public static void Complete(ProblemDetails problem)
    {
        // RFC 9457: the status says it all.
        problem.Type ??= "about:blank";
        problem.Detail ??= problem.Status switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this path.",
            StatusCodes.Status405MethodNotAllowed => "This path does not take this method; Allow tells those that it takes.",
            StatusCodes.Status415UnsupportedMediaType => "The body must be JSON, with Content-Type: application/json.",
            _ => null,
        };
    }
}
