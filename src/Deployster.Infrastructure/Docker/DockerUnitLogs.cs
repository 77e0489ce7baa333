using Deployster.Application.Errors;
using Deployster.Application.Output;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Infrastructure.Docker;

/// <summary>The logs of units that are containers.</summary>
internal sealed class DockerUnitLogs(DockerEngine engine, UnitContainers containers) : IUnitLogs
{
    public async Task<IOutputReader> OpenAsync(UnitName unit, int? tail, bool follow, CancellationToken cancellationToken)
    {
        var container = await containers.FindAsync(unit, cancellationToken)
            ?? throw new NotFoundException($"{unit} has no container yet, and so has written nothing.");
        return await ContainerLog.OpenAsync(engine, container.Id, tail, follow, cancellationToken);
    }
}
