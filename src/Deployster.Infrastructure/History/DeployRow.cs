using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.History;

/// <summary>A deploy as the file has it. Times are ticks, UTC, so that they sort.</summary>
internal sealed record DeployRow
{
    public long Id { get; init; }

    public required string Service { get; init; }

    public required string Version { get; init; }

    public required string Timestamp { get; init; }

    public long RequestedAt { get; init; }

    /// <summary>The options that a unit would carry, a line each.</summary>
    public required string Intention { get; init; }

    public required string Status { get; init; }

    public string? Message { get; init; }

    public long? EndedAt { get; init; }

    /// <summary>How many units it is to keep; null where nothing is to be kept by this number.</summary>
    public int? UnitCount { get; init; }

    public string? RequesterUser { get; init; }

    public string? RequesterAddress { get; init; }

    public static DeployRow Of(DeployRecord record) => new()
    {
        Service = record.DeployId.Service.Value,
        Version = record.DeployId.Version.Value,
        Timestamp = record.DeployId.Timestamp.ToString(),
        RequestedAt = record.Intention.RequestedAt.UtcTicks,
        Intention = string.Join('\n', IntentionOptions.Write(record.Intention with { Spec = record.Intention.Spec.WithoutSecrets() }).Select(option => $"{option.Name}={option.Value}")),
        Status = record.Status.ToString(),
        Message = record.Message,
        EndedAt = record.EndedAt?.UtcTicks,
        UnitCount = record.UnitCount,
        RequesterUser = record.Requester?.User,
        RequesterAddress = record.Requester?.Address,
    };

    /// <summary>The record; null where it is none that this version can read.</summary>
    public DeployRecord? Read() =>
        ServiceName.TryParse(Service, out var service)
        && VersionTag.TryParse(Version, out var version)
        && DeployTimestamp.TryParse(Timestamp, out var timestamp)
        && IntentionOptions.Read(Intention.Split('\n').Select(ReadOption)) is { } intention
        && Enum.TryParse<DeployStatus>(Status, out var status)
            ? new DeployRecord
            {
                DeployId = new DeployId(service, version, timestamp),
                Intention = intention,
                Status = status,
                Message = Message,
                EndedAt = EndedAt is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
                UnitCount = UnitCount,
                Requester = RequesterUser is { } user ? new Requester(user, RequesterAddress) : null,
            }
            : null;

    private static UnitOption ReadOption(string line)
    {
        var parts = line.Split('=', 2);
        return new UnitOption(IntentionOptions.Section, parts[0], parts[^1]);
    }
}
