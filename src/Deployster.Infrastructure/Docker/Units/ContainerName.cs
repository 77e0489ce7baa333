using System.Globalization;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// What a unit's container is called: <c>railsapp-7bdae1c-2015.03.02-00.31.45-1</c>, with <c>.staging</c> behind it in a scope. For people to read; which unit a
/// container is stands in its labels.
/// </summary>
internal static class ContainerName
{
    public static string Of(UnitName unit, EngineScope scope)
    {
        var (service, version, timestamp) = unit.DeployId;
        var name = string.Create(CultureInfo.InvariantCulture, $"{service}-{version}-{timestamp}-{unit.Instance}");

        // Dashes in a version blur where the service ends: a:b-c and a-b:c. Their number tells.
        var dashes = version.Value.Count(c => c == '-');
        return scope.AddTo(dashes == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{dashes}"));
    }
}
