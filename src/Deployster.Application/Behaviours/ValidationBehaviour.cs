using FluentValidation;
using MediatR;

namespace Deployster.Application.Behaviours;

/// <summary>Lets no request through to its handler that is against its rules.</summary>
internal sealed class ValidationBehaviour<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
{
    public Task<TResponse> Handle(
        TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var failures = validators.SelectMany(validator => validator.Validate(request).Errors).ToList();
        return failures.Count > 0 ? throw new ValidationException(failures) : next();
    }
}
