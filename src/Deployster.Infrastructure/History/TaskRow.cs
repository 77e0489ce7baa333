using System.Text.Json;
using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Tasks;

namespace Deployster.Infrastructure.History;

/// <summary>A task as the file has it. Times are ticks, UTC.</summary>
internal sealed record TaskRow
{
    /// <summary>Its id: later tasks have greater ones.</summary>
    public required string Id { get; init; }

    public required string Service { get; init; }

    public required string Version { get; init; }

    /// <summary>The timestamp of the deploy whose release command it is.</summary>
    public string? ReleaseOf { get; init; }

    public required string Image { get; init; }

    public string? ImageId { get; init; }

    /// <summary>A JSON array of the words.</summary>
    public required string Command { get; init; }

    public long Timeout { get; init; }

    public long RequestedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public required string Status { get; init; }

    public int? ExitCode { get; init; }

    public string? Message { get; init; }

    public string? RequesterUser { get; init; }

    public string? RequesterAddress { get; init; }

    public static TaskRow Of(TaskRecord record) => new()
    {
        Id = record.Id.Value,
        Service = record.Service.Value,
        Version = record.Version.Value,
        ReleaseOf = record.ReleaseOf?.ToString(),
        Image = record.Image,
        ImageId = record.ImageId,
        Command = JsonSerializer.Serialize(record.Command.AsEnumerable()),
        Timeout = record.Timeout.Ticks,
        RequestedAt = record.RequestedAt.UtcTicks,
        StartedAt = record.StartedAt?.UtcTicks,
        EndedAt = record.EndedAt?.UtcTicks,
        Status = record.Status.ToString(),
        ExitCode = record.End?.ExitCode,
        Message = record.End?.Message,
        RequesterUser = record.Requester?.User,
        RequesterAddress = record.Requester?.Address,
    };

    /// <summary>The record; null where it is none that this version can read.</summary>
    public TaskRecord? Read() =>
        TaskId.TryParse(Id, out var id)
        && ServiceName.TryParse(Service, out var service)
        && VersionTag.TryParse(Version, out var version)
        && Enum.TryParse<TaskRunStatus>(Status, out var status)
        && ReadCommand() is { } command
            ? new TaskRecord
            {
                Id = id,
                Service = service,
                Version = version,
                ReleaseOf = DeployTimestamp.TryParse(ReleaseOf, out var releaseOf) ? releaseOf : null,
                Image = Image,
                ImageId = ImageId,
                Command = [.. command],
                Timeout = TimeSpan.FromTicks(Timeout),
                RequestedAt = new DateTimeOffset(RequestedAt, TimeSpan.Zero),
                StartedAt = ReadTime(StartedAt),
                EndedAt = ReadTime(EndedAt),
                End = ExitCode is { } exitCode ? new TaskEnd(status, exitCode, Message) : null,
                Requester = RequesterUser is { } user ? new Requester(user, RequesterAddress) : null,
            }
            : null;

    private string[]? ReadCommand()
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(Command);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DateTimeOffset? ReadTime(long? ticks) => ticks is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null;
}
