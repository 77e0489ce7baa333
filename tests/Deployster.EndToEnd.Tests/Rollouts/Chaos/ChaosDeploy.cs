namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>How a version behaves.</summary>
internal enum VersionKind
{
    /// <summary>It becomes healthy.</summary>
    Good,

    /// <summary>It ends as soon as it is started.</summary>
    Exits,

    /// <summary>It runs and never is healthy.</summary>
    NeverHealthy,
}

/// <summary>A deploy as it will be asked for, in the place of what runs.</summary>
/// <param name="Service">The service.</param>
/// <param name="Kind">How its version behaves.</param>
/// <param name="Number">Makes the version one that was never there.</param>
/// <param name="InstanceCount">How many units it has.</param>
/// <param name="After">How long after the round's begin it is asked for.</param>
/// <param name="CancelAfter">How long after the round's begin it is cancelled; null for never.</param>
internal sealed record ChaosDeploy(
    string Service, VersionKind Kind, int Number, int InstanceCount, TimeSpan After, TimeSpan? CancelAfter)
{
    /// <summary>The stand-in for a Fleet has a version's units behave as the version's name says.</summary>
    public string Version => Kind switch
    {
        VersionKind.Exits => $"fails-{Number}",
        VersionKind.NeverHealthy => $"never-{Number}",
        _ => $"v{Number}",
    };

    /// <summary>What is asked for. The units' answers tell service and version.</summary>
    public object Body => new
    {
        Version,
        InstanceCount,
        DestroyPrevious = true,
        Env = new Dictionary<string, string> { ["VERSION"] = $"{Service}/{Version}" },
        HealthCheck = new { Path = "/health" },
        Deadline = Kind == VersionKind.Good ? 120 : 15,
    };

    public override string ToString() =>
        $"{Service}:{Version} ({InstanceCount}){(CancelAfter is { } after ? $", cancelled after {after.TotalSeconds:F1} s" : "")}";
}
