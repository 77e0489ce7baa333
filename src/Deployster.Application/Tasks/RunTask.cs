using System.Collections.Immutable;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Pruning;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Specs.Fields;
using Deployster.Domain.Tasks;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Tasks;

/// <summary>Asks for a command to be run in an image of a service. The answer comes when it has started.</summary>
public sealed record RunTask : IRequest<FollowedTask>
{
    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>The version.</summary>
    public required string? Version { get; init; }

    /// <summary>The command.</summary>
    public required CommandText? Command { get; init; }

    /// <summary>How many seconds it may run; null for the setting's.</summary>
    public int? Timeout { get; init; }

    /// <summary>Environment variables that go over those of the running version.</summary>
    public IReadOnlyDictionary<string, string?>? Env { get; init; }

    /// <summary>Variables whose values are never shown; they go over those of the running version, and null removes one.</summary>
    public IReadOnlyDictionary<string, string?>? SecretEnv { get; init; }

    /// <summary>How many seconds it may take to end by itself once it is stopped; null for <see cref="TaskSettings.StopTimeout"/>.</summary>
    public int? StopTimeout { get; init; }

    /// <summary>The signal that asks it to end, by name; null for SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Who asks.</summary>
    public Requester? Requester { get; init; }
}

internal sealed class RunTaskValidator : AbstractValidator<RunTask>
{
    public RunTaskValidator()
    {
        RuleFor(command => command.Service).ServiceName().OverridePropertyName("service");
        RuleFor(command => command.Version)
            .NotNull().WithMessage("is missing.").OverridePropertyName("task.version")
            .DependentRules(() => RuleFor(command => command.Version).Version().OverridePropertyName("task.version"));
        RuleFor(command => command.Timeout)
            .Between(1, (int)TaskSettings.MaxTimeout.TotalSeconds).OverridePropertyName("task.timeout");
        RuleFor(command => command.Command).Custom((command, context) =>
        {
            if (FindError(command) is { } error)
            {
                context.AddFailure("task.command", error);
            }
        });
        RuleFor(command => command.StopTimeout).Custom((seconds, context) =>
            context.AddErrors("task", seconds is { } given ? SpecFields.StopTimeout.FindErrors(TimeSpan.FromSeconds(given)) : []));
        RuleFor(command => command.StopSignal)
            .Must(signal => signal is null || StopSignal.Read(signal) is not null)
            .WithMessage($"must be {StopSignal.Rule}, not '{{PropertyValue}}'.")
            .OverridePropertyName("task.stop_signal");
        RuleFor(command => command.Env).Custom((env, context) =>
            context.AddErrors("task", env is null ? [] : Variables.FindErrors("env", env)));
        RuleFor(command => command.SecretEnv).Custom((secrets, context) =>
            context.AddErrors("task", secrets is null ? [] : Secrets.FindErrors("secret_env", secrets)));
        RuleFor(command => command).Custom((command, context) => context.AddErrors(
            "task", command.SecretEnv?.Keys.FirstOrDefault(name => command.Env?.ContainsKey(name) == true) is { } twice
                ? [new FieldError($"secret_env.{twice}", "must not be in env, too: take it out of one of them.")]
                : []));
    }

    private static string? FindError(CommandText? command) =>
        command is null ? "is missing."
        : command.FindSyntaxError() is { } error ? $"cannot be taken: {error}."
        : command.Split() switch
        {
            [] => "must not be empty.",
            ["", ..] => "must begin with the name of a program.",
            var words when words.Any(word => word is null || word.Contains('\0')) => "must be of texts without NUL.",
            _ => null,
        };
}

internal sealed class RunTaskHandler(
    FleetMonitor monitor,
    ImageNames images,
    TaskSettings settings,
    ITaskOutputs outputs,
    LiveTasks tasks,
    ImageClaims claims,
    TaskRunner runner,
    TimeProvider time) : IRequestHandler<RunTask, FollowedTask>
{
    public async Task<FollowedTask> Handle(RunTask request, CancellationToken cancellationToken)
    {
        var reading = await monitor.ReadAsync(cancellationToken);
        var inherited = reading.FindInherited(ServiceName.Parse(request.Service))?.Intention.Spec ?? DeploySpec.Default;
        var record = RecordOf(request, inherited);
        using var claim = await claims.ClaimAsync(record.Image, null, cancellationToken);
        var task = new LiveTask(record, outputs.Open(record.Id));
        tasks.Add(task);

        // Before it starts, so that nothing of its output is lost, however fast it comes.
        var followed = new FollowedTask(record.Id, task.Output.Follow(), task.Ended);
        try
        {
            // Whoever asks may go away: the task does not.
            await runner.StartAsync(task, image => Define(request, record, inherited, image)).WaitAsync(cancellationToken);
            return followed;
        }
        catch
        {
            followed.Dispose();
            throw;
        }
    }

    private TaskRecord RecordOf(RunTask request, DeploySpec inherited)
    {
        var now = time.GetUtcNow();
        var service = ServiceName.Parse(request.Service);
        var version = VersionTag.Parse(request.Version!);
        return new TaskRecord
        {
            Id = TaskId.New(now),
            Service = service,
            Version = version,
            Image = images.Of(service, version, inherited),
            Command = request.Command!.Split(),
            Timeout = request.Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : settings.Timeout,
            RequestedAt = now,
            Requester = request.Requester,
        };
    }

    // What the task says of a variable wins over what its service says, secret or not.
    private static DeploySpec Merge(DeploySpec inherited, RunTask request)
    {
        var env = request.Env ?? ImmutableDictionary<string, string?>.Empty;
        return inherited with
        {
            Env = inherited.Env.SetItems(env.Select(variable => KeyValuePair.Create(variable.Key, variable.Value!))).RemoveRange(request.SecretEnv?.Keys ?? []),
            SecretEnv = inherited.SecretEnv.RemoveRange(env.Keys).Merge(request.SecretEnv),
        };
    }

    private static TaskDefinition Define(
        RunTask request, TaskRecord record, DeploySpec inherited, TaskImage image)
    {
        var isLine = request.Command!.Line is not null && ShellEntrypoint.TakesLine(image.Entrypoint);
        return new TaskDefinition(
            record with { ImageId = image.Id, Command = isLine ? [request.Command.Line!] : record.Command },
            Merge(inherited, request))
        {
            StopTimeout = request.StopTimeout is { } seconds ? TimeSpan.FromSeconds(seconds) : TaskSettings.StopTimeout,
            StopSignal = request.StopSignal is { } signal ? StopSignal.Read(signal)! : TaskSettings.StopSignal,
        };
    }
}
