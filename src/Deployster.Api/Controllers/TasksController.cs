using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Api.OpenApi;
using Deployster.Api.Streaming;
using Deployster.Application.Tasks;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Deployster.Api.Controllers;

/// <summary>Tasks: one-off commands in the images of services.</summary>
[Route("v1")]
[Tags("Tasks")]
public sealed class TasksController(IMediator mediator, IMapper mapper, IHostApplicationLifetime lifetime)
    : DeploysterController(mediator, mapper)
{
    /// <summary>Runs a command in an image of a service, and streams its output.</summary>
    /// <remarks>
    /// After the output come an empty line and a line like <c>Exited (0)</c>. The trailer <c>Deployster-Exit-Code</c>
    /// repeats the exit code. With <c>Accept: text/event-stream</c> the answer consists of events <c>stdout</c>,
    /// <c>stderr</c>, <c>cut</c> and <c>exit</c>. If the client disconnects, the task continues.
    /// </remarks>
    /// <param name="service">The service's name.</param>
    /// <param name="body">The task.</param>
    /// <param name="detach">Answer as soon as the task has started. The header <c>Location</c> has its path.</param>
    /// <param name="cancellationToken">Ends the wait; the task goes on.</param>
    [HttpPost("services/{service}/tasks", Name = "runTask")]
    [Problems(
        StatusCodes.Status422UnprocessableEntity,
        StatusCodes.Status429TooManyRequests,
        StatusCodes.Status503ServiceUnavailable)]
    [AlsoProduces("text/plain", typeof(string), "The output byte for byte, an empty line, and how the task ended: Exited (0).")]
    [AlsoProduces("text/event-stream", typeof(Stream), "Where that is accepted: events stdout, stderr and exit.")]
    [ProducesResponseType<TaskResource>(StatusCodes.Status202Accepted, "application/json")]
    public async Task<IActionResult> Run(
        string service, TaskRequest body, [FromQuery] bool detach, CancellationToken cancellationToken)
    {
        using var open = lifetime.UntilStopping(cancellationToken);
        using var task = await Mediator.Send(
            new RunTask
            {
                Service = service,
                Version = body.Task.Version,
                Command = body.Task.Command,
                Timeout = body.Task.Timeout,
                Env = body.Task.Env,
                SecretEnv = body.Task.SecretEnv,
                StopTimeout = body.Task.StopTimeout,
                StopSignal = body.Task.StopSignal,
                Requester = Requester,
            },
            open.Token);
        if (detach)
        {
            var record = await Mediator.Send(new GetTask(task.Id.Value), cancellationToken);
            return Accepted($"/v1/tasks/{task.Id}", Show<TaskResource>(record));
        }

        await TaskOutputResponse.WriteAsync(HttpContext, task, open.Token);
        return new EmptyResult();
    }

    /// <summary>Lists the tasks of a service, newest first.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="cursor">Where to begin: the <c>next_cursor</c> of the previous page.</param>
    /// <param name="limit">The size of a page, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet("services/{service}/tasks", Name = "listTasks")]
    [Problems(StatusCodes.Status503ServiceUnavailable)]
    public async Task<TaskList> List(
        string service, [FromQuery] string? cursor, [FromQuery] int limit = 50, CancellationToken cancellationToken = default)
    {
        var page = await Mediator.Send(new ListTasks(service, cursor, limit), cancellationToken);
        return new TaskList { Tasks = Show<List<TaskResource>>(page.Tasks), NextCursor = page.NextCursor };
    }

    /// <summary>Gets a task and its current state.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet("tasks/{id}", Name = "getTask")]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)]
    public async Task<TaskResource> Get(string id, CancellationToken cancellationToken) =>
        Show<TaskResource>(await Mediator.Send(new GetTask(id), cancellationToken));

    /// <summary>Streams the kept output of a task, and then its new output until it ends.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [HttpGet("tasks/{id}/output", Name = "readTaskOutput")]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)]
    [AlsoProduces("text/plain", typeof(string), "The output byte for byte, an empty line, and how the task ended: Exited (0).")]
    [AlsoProduces("text/event-stream", typeof(Stream), "Where that is accepted: events stdout, stderr and exit.")]
    public async Task<IActionResult> Output(string id, CancellationToken cancellationToken)
    {
        using var open = lifetime.UntilStopping(cancellationToken);
        using var task = await Mediator.Send(new ReadTaskOutput(id), open.Token);
        await TaskOutputResponse.WriteAsync(HttpContext, task, open.Token);
        return new EmptyResult();
    }

    /// <summary>Cancels a task with SIGTERM, and with SIGKILL if it still runs ten seconds later. Answers when it has ended.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the wait; the task is stopped all the same.</param>
    [HttpDelete("tasks/{id}", Name = "cancelTask")]
    [Problems(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Cancel(string id, CancellationToken cancellationToken)
    {
        await Mediator.Send(new CancelTask(id, Requester), cancellationToken);
        return NoContent();
    }
}
