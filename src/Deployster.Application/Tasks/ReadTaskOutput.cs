using MediatR;

namespace Deployster.Application.Tasks;

/// <summary>Asks for what a task has written, and what it writes until it ends.</summary>
/// <param name="Id">Its id.</param>
public sealed record ReadTaskOutput(string Id) : IRequest<FollowedTask>;

internal sealed class ReadTaskOutputHandler(TaskFinder finder, ITaskOutputs outputs)
    : IRequestHandler<ReadTaskOutput, FollowedTask>
{
    public async Task<FollowedTask> Handle(ReadTaskOutput request, CancellationToken cancellationToken)
    {
        if (finder.FindLive(request.Id) is { } task)
        {
            return new FollowedTask(task.Record.Id, task.Output.Follow(), task.Ended);
        }

        var (id, end) = await finder.GetEndedAsync(request.Id, cancellationToken);
        return new FollowedTask(id, outputs.Read(id), Task.FromResult(end));
    }
}
