namespace Deployster.Application.Routing;

/// <summary>A unit that is being taken out of the gateways, or has been.</summary>
internal sealed class Release
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first table in which the unit is leaving: who has let go of it by an earlier one has got it back since.</summary>
    public long Version { get; set; }

    /// <summary>The gateways that have let go of the unit.</summary>
    public HashSet<string> LetGoBy { get; } = [];

    /// <summary>Whether the unit takes no requests any more, whatever happens.</summary>
    public bool IsOver { get; set; }

    public Task Done => _done.Task;

    public void Complete() => _done.TrySetResult();
}
