using System.Globalization;
using Deployster.Application.Tasks;
using Deployster.Domain.Tasks;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Networks;
using Deployster.Infrastructure.Docker.Units;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Tasks;

/// <summary>The containers that are tasks: what they are called, how they are made, and which there are.</summary>
internal sealed class TaskContainers(
    DockerEngine engine, UnitNetwork network, DockerOptions engineOptions, DockerTaskOptions options)
{
    // Unlike others it keeps bytes as they are.
    private const string LogDriver = "local";

    private bool? _hasLogDriver;

    /// <summary>What a task's container is called.</summary>
    public string NameOf(TaskId id) => engineOptions.Scope.AddTo($"deployster-task-{id}");

    /// <summary>The settings of a task's container.</summary>
    public async Task<CreateContainerParameters> DescribeAsync(TaskDefinition task, CancellationToken cancellationToken)
    {
        var host = ContainerSettings.HostOf(task.Spec);
        host.NetworkMode = (await network.GetAsync(cancellationToken)).Name;
        host.LogConfig = await DescribeLogAsync(cancellationToken);

        // A shell that is the first process reaps no children but its own, and ends at no signal that it does not handle.
        host.Init ??= true;
        return new CreateContainerParameters
        {
            Name = NameOf(task.Record.Id),

            // Not its name, which may mean another image by now than the one whose entrypoint was looked at.
            Image = task.Record.ImageId ?? task.Record.Image,
            Cmd = [.. task.Record.Command],
            User = task.Spec.Container?.User ?? "",
            Env = ContainerSettings.EnvOf(task.Spec),
            Labels = LabelsOf(task),
            StopSignal = task.StopSignal.Name,
            StopTimeout = task.StopTimeout,

            // The image's HEALTHCHECK tests the service, which a task does not run.
            Healthcheck = new HealthcheckConfig { Test = ["NONE"] },
            HostConfig = host,
        };
    }

    /// <summary>The tasks that have containers.</summary>
    public async Task<IReadOnlyList<TaskContainer>> ListAsync(CancellationToken cancellationToken)
    {
        var listed = await engine.ListContainersAsync("label", TaskLabels.Task, cancellationToken);
        var tasks = new List<TaskContainer>();
        foreach (var container in listed.Where(container => engineOptions.Scope.Owns(container.Labels)))
        {
            if (await ReadAsync(container.ID, cancellationToken) is { } task)
            {
                tasks.Add(task);
            }
        }

        return tasks;
    }

    private async Task<TaskContainer?> ReadAsync(string containerId, CancellationToken cancellationToken)
    {
        try
        {
            var container = await engine.AskAsync(
                (client, token) => client.Containers.InspectContainerAsync(containerId, token), cancellationToken);
            return container.Config is { Labels: { } labels, Image: { } image }
                && TaskLabels.Read(labels, image) is { } task
                && NameOf(task.Id) == container.Name?.TrimStart('/')
                ? new TaskContainer(
                    task with { ImageId = container.Image is { Length: > 0 } id ? id : null, StartedAt = ReadTime(container.State?.StartedAt) },
                    container.State?.Running == true)
                {
                    Intention = task.ReleaseOf is null ? null : ContainerLabels.ReadIntention(labels),
                }
                : null;
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    private Dictionary<string, string> LabelsOf(TaskDefinition task)
    {
        var labels = engineOptions.Scope.AddTo(TaskLabels.Write(task.Record));
        foreach (var (name, value) in task.Intention is { } intention ? ContainerLabels.OptionsOf(intention) : [])
        {
            labels[name] = value;
        }

        return labels;
    }

    private async Task<LogConfig> DescribeLogAsync(CancellationToken cancellationToken)
    {
        _hasLogDriver ??= (await engine.AskAsync((client, token) => client.System.GetSystemInfoAsync(token), cancellationToken))
            .Plugins?.Log?.Contains(LogDriver) == true;
        return _hasLogDriver == false ? new LogConfig() : new LogConfig
        {
            Type = LogDriver,

            // Two files of what is kept of an output: that much is there even when the second has just been begun.
            Config = new Dictionary<string, string>
            {
                ["max-size"] = options.LogBytes.ToString(CultureInfo.InvariantCulture),
                ["max-file"] = "2",
                ["compress"] = "false",
            },
        };
    }

    // The engine writes the year 1 where there is no time.
    private static DateTimeOffset? ReadTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
            ? time
            : null;
}
