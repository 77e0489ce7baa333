namespace Deployster.Domain.Specs;

/// <summary>A limit of a container's processes; -1 stands for no limit.</summary>
/// <param name="Soft">The limit that holds, which a process may raise.</param>
/// <param name="Hard">How far it may raise it; null for as far as the soft limit.</param>
public sealed record Ulimit(int Soft, int? Hard = null)
{
    /// <summary>The names that limits have.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
        "sigpending", "stack",
    ];

    /// <summary>The hard limit, whether it was said or not.</summary>
    public int Most => Hard ?? Soft;

    /// <summary>Whether the soft limit is no higher than the hard one.</summary>
    public bool IsOrdered => Most == -1 || (Soft != -1 && Soft <= Most);

    /// <summary><c>1024:4096</c></summary>
    public override string ToString() => $"{Soft}:{Most}";
}
