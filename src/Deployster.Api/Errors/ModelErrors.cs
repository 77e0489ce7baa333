using System.Text.RegularExpressions;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Deployster.Api.Errors;

/// <summary>Tells what is wrong with a request that could not be read, in the names of its fields.</summary>
internal static partial class ModelErrors
{
    /// <summary>The same exception as of a request that could be read and is against the rules.</summary>
    public static ValidationException ToException(ActionContext action)
    {
        var types = action.ActionDescriptor.Parameters
            .Where(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Query)
            .ToDictionary(parameter => parameter.BindingInfo!.BinderModelName ?? parameter.Name, parameter => parameter.ParameterType.ToString());
        var errors = action.ModelState
            .SelectMany(entry => entry.Value!.Errors.Select(error => (
                Path: entry.Key, Message: types.TryGetValue(entry.Key, out var type)
                    ? $"must be {TypeInWords(type)}, not '{entry.Value.AttemptedValue}'."
                    : (error.Exception?.Message ?? error.ErrorMessage).Trim())))
            .ToList();

        // What is wrong inside the body explains why there is none.
        if (errors.Exists(error => IsJsonPath(error.Path)))
        {
            errors.RemoveAll(error => !IsJsonPath(error.Path));
        }

        return new ValidationException(errors
            .Select(error => Read(error.Path, error.Message))
            .Distinct()
            .Select(error => new ValidationFailure(error.Field, error.Message)));
    }

    private static bool IsJsonPath(string path) => path.StartsWith('$');

    private static (string Field, string Message) Read(string path, string message)
    {
        var field = IsJsonPath(path) ? path.TrimStart('$').TrimStart('.') : path;
        if (message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            return (field, "is unknown.");
        }

        if (message.StartsWith("Duplicate propert", StringComparison.Ordinal))
        {
            return (field, "stands there twice.");
        }

        if (WrongType().Match(message) is { Success: true } wrong)
        {
            return (field.Length == 0 ? "body" : field, $"must be {TypeInWords(wrong.Groups["type"].Value)}.");
        }

        return field.Length == 0 || field == "body"
            ? ("body", message.Contains("empty", StringComparison.Ordinal) || message.Contains("required", StringComparison.Ordinal)
                ? "is missing."
                : $"is no valid JSON: {WithoutPath(message)}")
            : (field, IsJsonPath(path) ? $"is no valid JSON: {WithoutPath(message)}" : WithoutPath(message));
    }

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

    [GeneratedRegex(@"could not be converted to (?<type>\S+)\.( |$)")]
    private static partial Regex WrongType();
}
