namespace Deployster.Domain.Rollouts;

/// <summary>
/// How far a rollout may go for now: how many units the new set is to have, and how many of the old set run on. Each batch
/// goes as far as the limits allow once the batches before it are healthy, and stops no more of the old set than it needs to.
/// </summary>
/// <param name="Units">How many units the new set is to have.</param>
/// <param name="Old">How many units of the old set are to run.</param>
/// <param name="Before">How many units the batches before it have.</param>
internal sealed record Batch(int Units, int Old, int Before)
{
    /// <summary>The batch with which a rollout of so many units begins.</summary>
    public static Batch First(Deploy deploy, int wanted) => After(0, Limits.Of(deploy), wanted, deploy.OldCount);

    /// <summary>
    /// The batch that is due. A unit that becomes ill takes no batch back, and a Deployster that starts anew goes on with
    /// the one that shows by what is launched and stopped.
    /// </summary>
    /// <param name="picture">The fleet.</param>
    /// <param name="wanted">How many units the new set is to have in the end, or as long as its canary waits.</param>
    /// <param name="healthy">How many of them have been healthy for long enough.</param>
    public static Batch Due(RolloutPicture picture, int wanted, int healthy)
    {
        var (limits, old) = (Limits.Of(picture.Deploy), picture.Deploy.OldCount);
        var stopped = picture.KeptReplaced.Count(unit => !unit.IsWanted);
        var batch = After(0, limits, wanted, old);
        while (batch.Units < wanted && (healthy >= batch.Units || picture.Kept.Length > batch.Units || stopped > old - batch.Old))
        {
            var next = After(batch.Units, limits, wanted, old);
            if (next.Units <= batch.Units)
            {
                break;
            }

            batch = next;
        }

        return batch;
    }

    /// <summary>The memory with a new deadline where a batch has become healthy.</summary>
    public RolloutMemory Renew(RolloutMemory memory, TimeSpan deadline, TimeSpan now) => Before > memory.HealthyUnits
        ? memory with { HealthyUnits = Before, Deadline = now + deadline }
        : memory;

    private static Batch After(int healthy, Limits limits, int wanted, int old)
    {
        var running = limits.IsOneSetOnly ? 0 : Math.Clamp(Math.Max(limits.Least - healthy, limits.Most - wanted), 0, old);
        return new Batch(Math.Min(wanted, limits.Most - running), running, healthy);
    }
}
