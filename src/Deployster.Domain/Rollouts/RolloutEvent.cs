using Deployster.Domain.Names;

namespace Deployster.Domain.Rollouts;

/// <summary>Something that happened to a deploy, told to whoever watches.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Message">The same for a reader.</param>
/// <param name="Unit">The unit it happened to; null where it concerns the whole deploy.</param>
public sealed record RolloutEvent(RolloutEventKind Kind, string Message, UnitName? Unit = null)
{
    /// <summary>A unit is launched.</summary>
    public static RolloutEvent Launching(UnitName unit) => new(RolloutEventKind.Launching, $"Launching {unit}", unit);

    /// <summary>A unit that is replaced is stopped, and may come back.</summary>
    public static RolloutEvent Stopping(UnitName unit) => new(RolloutEventKind.Retiring, $"Stopping {unit}", unit);
}
