using System.Collections.Immutable;

namespace Deployster.Domain.Specs;

/// <summary>Settings of a container that few services need, as <c>docker run</c> has them.</summary>
public sealed record Container
{
    /// <summary>Nothing set.</summary>
    public static Container None { get; } = new();

    /// <summary>The user, with a group or without, by name or number; null for the image's own.</summary>
    public string? User { get; init; }

    /// <summary>Whether an init is the first process, which reaps children and hands signals on; null for the default.</summary>
    public bool? Init { get; init; }

    /// <summary>Labels by name, beside Deployster's own.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Where the container's output goes; null for the engine's default.</summary>
    public LogDestination? Log { get; init; }

    /// <summary>The options of <see cref="Log"/>; none where there is no log.</summary>
    public ImmutableSortedDictionary<string, string> LogOptions => Log?.Options ?? ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The networks that it joins beside Deployster's own.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];

    /// <summary>The size of /dev/shm; null for the engine's default.</summary>
    public MemorySize? ShmSize { get; init; }

    /// <summary>Folders in memory.</summary>
    public ImmutableArray<TmpfsMount> Tmpfs { get; init; } = [];

    /// <summary>Whether its file system cannot be written; null for no.</summary>
    public bool? ReadOnly { get; init; }

    /// <summary>The capabilities that are added to the engine's default ones.</summary>
    public ImmutableArray<string> CapAdd { get; init; } = [];

    /// <summary>The capabilities that are taken from the engine's default ones.</summary>
    public ImmutableArray<string> CapDrop { get; init; } = [];

    /// <summary>Limits of its processes by name.</summary>
    public ImmutableSortedDictionary<string, Ulimit> Ulimits { get; init; } = ImmutableSortedDictionary.Create<string, Ulimit>(StringComparer.Ordinal);

    /// <summary>Further lines of its hosts file.</summary>
    public ImmutableArray<ExtraHost> ExtraHosts { get; init; } = [];
}
