using Deployster.Domain.Units;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// What is wanted of a unit, as its container's restart policy, which is what the engine does with it once it is started
/// again. A unit that is to run is started <c>always</c>, since an engine that was killed notes its containers as stopped
/// by somebody, and would leave alone those that are to run <c>unless-stopped</c>.
/// </summary>
internal static class RestartPolicies
{
    /// <summary>The policy that stands for a wish.</summary>
    public static RestartPolicy For(Wanted wanted) => new()
    {
        Name = wanted switch
        {
            Wanted.Running => RestartPolicyKind.Always,
            Wanted.Stopped => RestartPolicyKind.UnlessStopped,
            _ => RestartPolicyKind.No,
        },
    };

    /// <summary>The wish that a container's policy stands for.</summary>
    public static Wanted Read(RestartPolicy? policy) => policy?.Name switch
    {
        RestartPolicyKind.Always or RestartPolicyKind.OnFailure => Wanted.Running,
        RestartPolicyKind.UnlessStopped => Wanted.Stopped,
        _ => Wanted.Gone,
    };
}
