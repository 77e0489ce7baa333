using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Tests.Fleet;

/// <summary>Units to deploy.</summary>
internal static class Some
{
    public static UnitDefinition Unit(
        DeploySpec? spec = null, string service = "web", string version = "v1", int instance = 1, string? image = null) => new(
            new UnitName(
                new DeployId(ServiceName.Parse(service), VersionTag.Parse(version), DeployTimestamp.Parse("2015.03.02-00.31.45")),
                instance),
            new Intention
            {
                Image = image ?? $"mycompany/{service}:{version}",
                RequestedAt = new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero),
                Spec = spec ?? DeploySpec.Default,
            });
}
