using Deployster.Domain.Units;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// What is wanted of a unit, as its container's restart policy, which is what the engine does with it once it is started
/// again. A unit that is to run is started <c>always</c>, since an engine that was killed notes its containers as stopped
/// by somebody, and would leave alone those that are to run <c>unless-stopped</c>. The mark to go is one that nobody sets
/// by hand: people set <c>no</c> before they work on a machine.
/// </summary>
internal static class RestartPolicies
{
    // On failure, and once at the most.
    private const int RetriesOfTheMark = 1;

    /// <summary>The policy that stands for a wish.</summary>
    public static RestartPolicy For(Wanted wanted) => wanted switch
    {
        Wanted.Running => new RestartPolicy { Name = RestartPolicyKind.Always },
        Wanted.Stopped => new RestartPolicy { Name = RestartPolicyKind.UnlessStopped },
        _ => new RestartPolicy { Name = RestartPolicyKind.OnFailure, MaximumRetryCount = RetriesOfTheMark },
    };

    /// <summary>The wish that a container's policy stands for. Others than Deployster's own stand for none of its decisions.</summary>
    public static Wanted Read(RestartPolicy? policy) => policy switch
    {
        { Name: RestartPolicyKind.OnFailure, MaximumRetryCount: RetriesOfTheMark } => Wanted.Gone,
        { Name: RestartPolicyKind.UnlessStopped } => Wanted.Stopped,
        _ => Wanted.Running,
    };
}
