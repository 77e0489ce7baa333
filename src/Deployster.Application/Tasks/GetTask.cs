using MediatR;

namespace Deployster.Application.Tasks;

/// <summary>Asks for a task.</summary>
/// <param name="Id">Its id.</param>
public sealed record GetTask(string Id) : IRequest<TaskRecord>;

internal sealed class GetTaskHandler(TaskFinder finder) : IRequestHandler<GetTask, TaskRecord>
{
    public async Task<TaskRecord> Handle(GetTask request, CancellationToken cancellationToken) =>
        finder.FindLive(request.Id)?.Record ?? await finder.GetAsync(request.Id, cancellationToken);
}
