using Deployster.Application.Errors;
using Deployster.Application.History;
using Deployster.Domain.Tasks;
using MediatR;

namespace Deployster.Application.Tasks;

/// <summary>Asks for a task to be stopped. The answer comes when it has ended; to ask again changes nothing.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Requester">Who asks.</param>
public sealed record CancelTask(string Id, Requester? Requester = null) : IRequest;

internal sealed class CancelTaskHandler(TaskFinder finder) : IRequestHandler<CancelTask, Unit>
{
    public async Task<Unit> Handle(CancelTask request, CancellationToken cancellationToken)
    {
        var end = await EndAsync(request, cancellationToken);
        return end.Status == TaskRunStatus.Cancelled
            ? Unit.Value
            : throw new ConflictException($"The task has ended already: {end}");
    }

    private async Task<TaskEnd> EndAsync(CancelTask request, CancellationToken cancellationToken)
    {
        if (finder.FindLive(request.Id) is { } task)
        {
            task.Stop(TaskEnd.Cancelled(request.Requester?.User));
            return await task.Ended.WaitAsync(cancellationToken);
        }

        return (await finder.GetEndedAsync(request.Id, cancellationToken)).End;
    }
}
