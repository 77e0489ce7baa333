namespace Deployster.Domain.Rollouts;

/// <summary>
/// The first stage of a deploy that has a release command: nothing is launched or stopped before that has succeeded. Whoever
/// finds units of the deploy knows that it has.
/// </summary>
internal static class ReleaseStage
{
    /// <summary>Notes the end of a release command that has succeeded: the deadline counts from here.</summary>
    /// <returns>The memory, and what there is to tell.</returns>
    public static (RolloutMemory Memory, RolloutEvent? Event) Watch(RolloutPicture picture, RolloutMemory memory, TimeSpan now) =>
        picture.Deploy.Intention.RunsRelease && memory is { Release.Phase: ReleasePhase.Succeeded, IsReleased: false }
            ? (
                memory with { IsReleased = true, Deadline = now + picture.Deploy.Intention.Spec.Deadline },
                new RolloutEvent(RolloutEventKind.Released, "The release command has ended with exit code 0."))
            : (memory, null);

    /// <summary>Whether the rollout goes no further than its release command.</summary>
    public static bool IsDue(RolloutPicture picture, RolloutMemory memory) =>
        picture.Deploy.Intention.RunsRelease && picture.Own.IsEmpty && memory.Release?.Phase != ReleasePhase.Succeeded;

    public static RolloutPlan Plan(RolloutPicture picture, RolloutMemory memory, TimeSpan now) => memory switch
    {
        { Release: null } when now > memory.Deadline + picture.Deploy.Intention.Spec.ReleaseTimeout =>
            Failed(memory, "Nobody could tell how far its release command had come."),

        // Nobody knows yet whether it runs.
        { Release: null } => new RolloutPlan([], [], memory),
        { Release.Phase: ReleasePhase.Running, GivingUp: not null } => new RolloutPlan([new StopRelease(picture.Deploy.Id)], [], memory),
        { GivingUp: { } reason } => RolloutPlan.Ended(memory, reason.Status, EndOf(reason), reason.Reason),
        { Release: { Phase: ReleasePhase.Failed } failed } => Failed(memory, failed.Message),
        { Refusal: { } refusal } => Failed(memory, refusal),
        { Release.Phase: ReleasePhase.Running } => new RolloutPlan([], [], memory),
        _ when now > memory.Deadline => Failed(
            memory, $"The release command could not be started within {picture.Deploy.Intention.Spec.Deadline.TotalSeconds:0} s."),
        _ => new RolloutPlan([new RunRelease(picture.Deploy.Id)], [], memory),
    };

    private static RolloutPlan Failed(RolloutMemory memory, string message) =>
        RolloutPlan.Ended(memory, DeployStatus.Failed, RolloutEventKind.Failed, message);

    private static RolloutEventKind EndOf(GivingUp reason) =>
        reason.Status == DeployStatus.Cancelled ? RolloutEventKind.Cancelled : RolloutEventKind.RolledBack;
}
