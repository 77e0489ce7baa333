namespace Deployster.Application.Routing;

/// <summary>A unit that is being drained, or is drained: it gets no new requests and ends those it has.</summary>
internal sealed class Drain
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first table in which the unit is drained: a gateway that told of it by an earlier one has got it back since.</summary>
    public long Version { get; set; }

    /// <summary>The gateways at which the unit has no request any more.</summary>
    public HashSet<string> DrainedBy { get; } = [];

    /// <summary>Whether the unit takes no requests any more, whatever happens.</summary>
    public bool IsOver { get; set; }

    public Task Done => _done.Task;

    public void Complete() => _done.TrySetResult();
}
