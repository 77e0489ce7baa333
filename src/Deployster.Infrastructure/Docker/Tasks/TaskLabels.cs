using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Tasks;
using Deployster.Infrastructure.Docker.Units;

namespace Deployster.Infrastructure.Docker.Tasks;

/// <summary>The labels by which a container is a task: all that a Deployster without its history must know of it.</summary>
internal static class TaskLabels
{
    /// <summary>The task's id.</summary>
    public const string Task = "deployster.task";

    private const string Image = "deployster.task.image";
    private const string Command = "deployster.task.command";
    private const string Timeout = "deployster.task.timeout";
    private const string RequestedAt = "deployster.task.requested-at";
    private const string ReleaseOf = "deployster.task.release-of";
    private const string User = "deployster.task.user";
    private const string Address = "deployster.task.address";

    public static Dictionary<string, string> Write(TaskRecord task) => new(task.ReleaseOf is { } timestamp ? [KeyValuePair.Create(ReleaseOf, timestamp.ToString())] : [])
    {
        [Task] = task.Id.Value,
        [ContainerLabels.Service] = task.Service.Value,
        [ContainerLabels.Version] = task.Version.Value,
        [Image] = task.Image,
        [Command] = JsonSerializer.Serialize(task.Command.AsEnumerable()),
        [Timeout] = task.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        [RequestedAt] = task.RequestedAt.ToString("O", CultureInfo.InvariantCulture),
        [User] = task.Requester?.User ?? "",
        [Address] = task.Requester?.Address ?? "",
    };

    /// <summary>The task that a container is; null where somebody else has written its labels.</summary>
    /// <param name="labels">The container's labels.</param>
    /// <param name="image">What it was made from. That is the image's name where no label tells it: older versions wrote none.</param>
    public static TaskRecord? Read(IDictionary<string, string> labels, string image)
    {
        try
        {
            return new TaskRecord
            {
                Id = TaskId.Parse(labels[Task]),
                Service = ServiceName.Parse(labels[ContainerLabels.Service]),
                Version = VersionTag.Parse(labels[ContainerLabels.Version]),
                Image = labels.TryGetValue(Image, out var name) ? name : image,
                Command = JsonSerializer.Deserialize<ImmutableArray<string>>(labels[Command]),
                Timeout = TimeSpan.FromSeconds(double.Parse(labels[Timeout], CultureInfo.InvariantCulture)),
                ReleaseOf = labels.TryGetValue(ReleaseOf, out var timestamp) ? DeployTimestamp.Parse(timestamp) : null,
                RequestedAt = DateTimeOffset.Parse(labels[RequestedAt], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                Requester = labels[User] is { Length: > 0 } user
                    ? new Requester(user, labels[Address] is { Length: > 0 } address ? address : null)
                    : null,
            };
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or OverflowException)
        {
            return null;
        }
    }
}
