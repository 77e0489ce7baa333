using System.Globalization;
using System.Net;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Networks;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>What the engine tells of a container that is a unit.</summary>
/// <param name="Name">The unit.</param>
/// <param name="Id">The container's id.</param>
/// <param name="Status">The engine's word for its state: <c>created</c>, <c>running</c>, <c>exited</c>.</param>
internal sealed record UnitFacts(UnitName Name, string Id, string Status)
{
    /// <summary>What is wanted by its restart policy; null where nobody has told of that yet.</summary>
    public Wanted? Policy { get; init; }

    public Intention? Intention { get; init; }

    public string? ImageId { get; init; }

    /// <summary>Why the engine could not start it; null where it could.</summary>
    public string? Error { get; init; }

    /// <summary>The exit code of its last run; null where none has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How its last run ended: <c>exit code 3</c>; null where none has.</summary>
    public string? LastEnd { get; init; }

    /// <summary>When its process was started; null where it never was.</summary>
    public string? StartedAt { get; init; }

    public int RestartCount { get; init; }

    /// <summary>Why its image's HEALTHCHECK does not pass; null where it does, and where there is none.</summary>
    public string? HealthComplaint { get; init; }

    public bool HasHealthcheck { get; init; }

    /// <summary>Where it answers: at its own address, or where its port is published; null while it does nowhere.</summary>
    public IPEndPoint? Endpoint { get; init; }

    public DateTime Created { get; init; }

    /// <summary>Whether the engine has told less than all of it, and not lately.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Marked to go.</summary>
    public bool IsMarked => Policy == Wanted.Gone;

    /// <summary>Whether the engine could not start it because of what it is to run: there is no such command, or it is none.</summary>
    public bool IsRefused { get; init; }

    /// <summary>
    /// Whether the engine ended in the middle of starting it: its process runs, and was given no network. The engine itself
    /// takes it for running ("Up 292 years", as moby has it) and mends nothing.
    /// </summary>
    public bool IsHalfStarted { get; init; }

    /// <summary>Made, and never started.</summary>
    public bool IsFresh => Status == "created";

    /// <summary>Whether its processes live, or will again.</summary>
    public bool IsStarted => Status is "running" or "restarting" or "paused";

    /// <summary>
    /// What the engine was told to make of it. What ends by itself is started again by the engine at once, so that one that
    /// has ended was stopped: by Deployster, or by somebody's <c>docker stop</c>.
    /// </summary>
    public Wanted Wanted =>
        IsMarked ? Wanted.Gone
        : Error is null && (Status == "exited" || (IsFresh && Policy == Wanted.Stopped)) ? Wanted.Stopped
        : Wanted.Running;

    /// <summary>All that an inspection tells.</summary>
    /// <param name="name">The unit.</param>
    /// <param name="container">The inspection.</param>
    /// <param name="network">The units' network; null where it is not known.</param>
    public static UnitFacts Of(UnitName name, ContainerInspectResponse container, NetworkPlace? network)
    {
        var state = container.State ?? new State();
        var status = state.Status ?? "";
        var hasEnded = status is "exited" or "restarting" or "dead" or "removing";
        var (hasHealthcheck, complaint) = Healthchecks.Read(state.Health);
        var intention = ContainerLabels.ReadIntention(container.Config?.Labels);
        return new UnitFacts(name, container.ID, status)
        {
            Policy = RestartPolicies.Read(container.HostConfig?.RestartPolicy),
            Intention = intention,
            ImageId = container.Image,
            Error = state.Error is { Length: > 0 } error ? Engine.EngineMessage.ToLine(error) : null,
            IsRefused = state is { Error.Length: > 0, ExitCode: 126 or 127 },
            ExitCode = hasEnded ? (int)state.ExitCode : null,
            LastEnd = hasEnded ? LastEnds.Say((int)state.ExitCode, state.OOMKilled) : null,
            StartedAt = HasHappened(state.StartedAt) ? state.StartedAt : null,
            RestartCount = (int)container.RestartCount,
            HasHealthcheck = hasHealthcheck,
            HealthComplaint = complaint,
            Endpoint = OwnAddress.Find(container.NetworkSettings?.Networks, network, intention) ?? PublishedPorts.Find(container.NetworkSettings?.Ports),
            IsHalfStarted = IsHalfStart(container),
            Created = container.Created,
        };
    }

    /// <summary>What a list tells, and beyond that what was known before.</summary>
    public static UnitFacts Of(UnitName name, ContainerListResponse container, UnitFacts? before, NetworkPlace? network) =>
        (before ?? new UnitFacts(name, container.ID, "") { ImageId = container.ImageID, Created = container.Created }) with
        {
            Status = container.State ?? "",
            Intention = before?.Intention ?? ContainerLabels.ReadIntention(container.Labels),
            Endpoint = OwnAddress.Find(container.NetworkSettings?.Networks, network, before?.Intention ?? ContainerLabels.ReadIntention(container.Labels))
                ?? PublishedPorts.Find(container.Ports),
            IsIncomplete = true,
        };

    /// <summary>Whether the engine ended in the middle of starting a container: it has noted neither a start nor a port or an address.</summary>
    public static bool IsHalfStart(ContainerInspectResponse container) =>
        container.State is { Running: true, Paused: false, Restarting: false } state
        && (container.HostConfig?.PortBindings is { Count: > 0 }
            ? PublishedPorts.Find(container.NetworkSettings?.Ports) is null
            : OwnAddress.IsMissing(container.NetworkSettings?.Networks))
        && (TimeOf(state.StartedAt) is not { } start || TimeOf(state.FinishedAt) > start);

    private static bool HasHappened(string? text) => TimeOf(text) is not null;

    // The engine writes the year 1 where there is no time.
    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
            ? time
            : null;
}
