using Deployster.Domain.Names;
using FluentValidation;
using FluentValidation.Results;
using MediatR;

namespace Deployster.Application.Tasks;

/// <summary>Asks for the tasks of a service, or of all, newest first.</summary>
/// <param name="Service">The service's name; null for all services.</param>
/// <param name="Cursor">Where to begin, as the page before told; null for the newest.</param>
/// <param name="Limit">How many at the most.</param>
public sealed record ListTasks(string? Service, string? Cursor, int Limit) : IRequest<TaskPage>;

internal sealed class ListTasksValidator : AbstractValidator<ListTasks>
{
    public ListTasksValidator()
    {
        RuleFor(query => query.Service).ServiceName().When(query => query.Service is not null).OverridePropertyName("service");
        RuleFor(query => (int?)query.Limit).Between(1, 200).OverridePropertyName("limit");
    }
}

internal sealed class ListTasksHandler(LiveTasks tasks, ITaskHistory history) : IRequestHandler<ListTasks, TaskPage>
{
    public async Task<TaskPage> Handle(ListTasks request, CancellationToken cancellationToken)
    {
        try
        {
            var page = await history.ListAsync(
                request.Service is null ? null : ServiceName.Parse(request.Service), request.Cursor, request.Limit, cancellationToken);
            return page with { Tasks = [.. page.Tasks.Select(record => tasks.Find(record.Id)?.Record ?? record)] };
        }
        catch (FormatException)
        {
            throw new ValidationException([new ValidationFailure("cursor", "must be one that the page before gave.")]);
        }
    }
}
