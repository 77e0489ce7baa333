using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Kit;

/// <summary>Names and intentions to test with.</summary>
internal static class Sample
{
    public static readonly ServiceName Service = ServiceName.Parse("railsapp");

    /// <summary>Deploys of <see cref="Service"/> that were there before the tests' clock begins.</summary>
    public static DeployId DeployId(string version, int minute = 0) =>
        new(Service, VersionTag.Parse(version), DeployTimestamp.Parse($"2015.03.01-00.{minute:00}.00"));

    public static UnitName Unit(this DeployId deploy, int instance) => new(deploy, instance);

    /// <summary>The intention of such a deploy.</summary>
    public static Intention Intention(DeployId deploy, DeploySpec? spec = null, params DeployId[] replaces) => new()
    {
        Image = $"mycompany/{deploy.Service}:{deploy.Version}",
        RequestedAt = deploy.Timestamp.Time,
        DestroyPrevious = replaces.Length > 0,
        Replaces = [.. replaces.Select(replaced => new ReplacedDeploy(replaced.Version, replaced.Timestamp, 1))],
        Spec = spec ?? DeploySpec.Default,
    };

    public static DeployRecord Record(
        DeployId deploy, DeployStatus status, DeploySpec? spec = null, params DeployId[] replaces) => new()
        {
            DeployId = deploy,
            Intention = Intention(deploy, spec, replaces),
            Status = status,
            EndedAt = status == DeployStatus.InProgress ? null : deploy.Timestamp.Time.AddSeconds(10),
        };
}
