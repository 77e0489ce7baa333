using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Deployster.Api.Errors;

/// <summary>
/// Refuses query parameters that an operation does not know, or that stand there twice or empty: with
/// <c>?dryrun=true</c> or <c>?timestamp=</c> more would be done than was meant.
/// </summary>
internal sealed class KnownQuery : IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var known = context.ActionDescriptor.Parameters
            .Where(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Query)
            .Select(parameter => parameter.BindingInfo!.BinderModelName ?? parameter.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var failures = context.HttpContext.Request.Query
            .Select(given => new ValidationFailure(given.Key, !known.Contains(given.Key) ? "is unknown."
                : given.Value.Count > 1 ? "stands there twice."
                : given.Value is [""] ? "must not be empty."
                : null))
            .Where(failure => failure.ErrorMessage is not null)
            .ToList();
        if (failures.Count > 0)
        {
            throw new ValidationException(failures);
        }
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
