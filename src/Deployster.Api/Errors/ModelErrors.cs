using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Deployster.Api.Errors;

/// <summary>Tells what is wrong with a request that could not be read, in the names of its fields.</summary>
internal static partial class ModelErrors
{
    public static IActionResult ToProblem(ActionContext context)
    {
        var errors = context.ModelState
            .Where(entry => entry.Value is { Errors.Count: > 0 })
            .Select(entry => (
                Path: entry.Key,
                Errors: entry.Value!.Errors.Select(error => (error.Exception?.Message ?? error.ErrorMessage).Trim()).ToArray()))
            .ToList();

        // What is wrong inside the body explains why there is none.
        if (errors.Exists(error => IsJsonPath(error.Path)))
        {
            errors.RemoveAll(error => !IsJsonPath(error.Path));
        }

        var fields = errors
            .SelectMany(error => error.Errors.Select(message => Read(error.Path, message)))
            .ToLookup(error => error.Field, error => error.Message)
            .ToDictionary(field => field.Key, field => field.Distinct().ToArray());
        var problem = new ValidationProblemDetails(fields)
        {
            Status = StatusCodes.Status400BadRequest,
            Detail = string.Join(' ', fields.SelectMany(field => field.Value.Select(message => $"{field.Key} {message}"))),
        };
        return new ObjectResult(problem)
        {
            StatusCode = problem.Status,
            ContentTypes = { "application/problem+json" },
        };
    }

    private static bool IsJsonPath(string path) => path.StartsWith('$');

    private static (string Field, string Message) Read(string path, string message)
    {
        var field = IsJsonPath(path) ? path.TrimStart('$').TrimStart('.') : path;
        if (UnknownMember().Match(message) is { Success: true } unknown)
        {
            // The path may or may not reach to the member itself.
            var name = unknown.Groups["name"].Value;
            return (field == name || field.EndsWith($".{name}", StringComparison.Ordinal) ? field : Join(field, name), "is unknown.");
        }

        if (Duplicate().Match(message) is { Success: true } duplicate)
        {
            return (Join(field, duplicate.Groups["name"].Value), "stands there twice.");
        }

        if (WrongType().Match(message) is { Success: true } wrong)
        {
            return (field.Length == 0 ? "body" : field, $"must be {TypeInWords(wrong.Groups["type"].Value)}.");
        }

        return field.Length == 0 || field == "body"
            ? ("body", message.Contains("empty", StringComparison.Ordinal) || message.Contains("required", StringComparison.Ordinal)
                ? "is missing."
                : $"is no valid JSON: {WithoutPath(message)}")
            : (field, WithoutPath(message));
    }

    private static string Join(string field, string name) => field.Length == 0 ? name : $"{field}.{name}";

    private static string WithoutPath(string message) =>
        message.IndexOf(" Path:", StringComparison.Ordinal) is > 0 and var at ? message[..at] : message;

    private static string TypeInWords(string type) =>
        type.Contains("Int32", StringComparison.Ordinal) || type.Contains("Int64", StringComparison.Ordinal) ? "a whole number"
        : type.Contains("Boolean", StringComparison.Ordinal) ? "true or false"
        : type.Contains("Decimal", StringComparison.Ordinal) ? "a number"
        : type.Contains("Dictionary", StringComparison.Ordinal) ? "an object of texts"
        : type.Contains("List", StringComparison.Ordinal) ? "a list of texts"
        : type.Contains("Command", StringComparison.Ordinal) ? "a text or a list of texts"
        : type.Contains("String", StringComparison.Ordinal) ? "a text"
        : "an object";

    [GeneratedRegex(@"The JSON property '(?<name>[^']*)' could not be mapped")]
    private static partial Regex UnknownMember();

    [GeneratedRegex(@"[Dd]uplicate propert(y|ies) '(?<name>[^']*)'")]
    private static partial Regex Duplicate();

    [GeneratedRegex(@"could not be converted to (?<type>\S+)\.( |$)")]
    private static partial Regex WrongType();
}
