namespace Deployster.FleetStandIn;

/// <summary>What goes wrong with requests.</summary>
public sealed record Faults
{
    /// <summary>All is well.</summary>
    public static Faults None { get; } = new();

    /// <summary>How many of the next requests go wrong.</summary>
    public int Next { get; init; }

    /// <summary>The share of the other requests that go wrong, from 0 to 1.</summary>
    public double Rate { get; init; }

    /// <summary>What happens then: one of these, by chance.</summary>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = [FaultKind.ServerError];

    /// <summary>Whether the request does its work before it goes wrong.</summary>
    public bool AfterWork { get; init; }

    /// <summary>The kind of requests that go wrong or are slow; null for all.</summary>
    public RequestKind? Only { get; init; }

    /// <summary>How long each request takes.</summary>
    public TimeSpan Latency { get; init; }
}

/// <summary>A way for a request to go wrong.</summary>
public enum FaultKind
{
    /// <summary>500 with an empty message, as Fleet answers when it has trouble of its own.</summary>
    ServerError,

    /// <summary>503, as while etcd is away.</summary>
    EtcdAway,

    /// <summary>The connection is dropped without a response.</summary>
    Dropped,

    /// <summary>The connection is dropped before the end of a response that has a body, whose length was promised.</summary>
    CutOff,

    /// <summary>The same in the middle of a body that comes in chunks.</summary>
    CutOffInChunks,

    /// <summary>A body ends in the middle of its JSON, as from a proxy that keeps to HTTP nevertheless.</summary>
    Halved,

    /// <summary>200 with a page of HTML, as from a proxy.</summary>
    Garbled,
}
