using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Deployster.Api.Errors;

/// <summary>Writes problems, RFC 9457, also to those who accept something else alone: they want to know as well.</summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        problem.Status ??= http.Response.StatusCode;

        // To make a result of it fills in the framework's title and type for its status.
        CommonProblems.Complete(TypedResults.Problem(problem).ProblemDetails);
        problem.Extensions["traceId"] = Activity.Current?.Id ?? http.TraceIdentifier;
        return new ValueTask(http.Response.WriteAsJsonAsync(
            problem, problem.GetType(), json.Value.JsonSerializerOptions, "application/problem+json", http.RequestAborted));
    }
}
