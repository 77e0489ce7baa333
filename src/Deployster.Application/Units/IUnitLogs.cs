using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Domain.Names;

namespace Deployster.Application.Units;

/// <summary>What units have written, where their fleet keeps it.</summary>
public interface IUnitLogs
{
    /// <summary>Opens a unit's log.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="tail">How many of the last lines; null for all.</param>
    /// <param name="follow">Whether to wait for what the unit will write, until it is destroyed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FleetUnavailableException">The fleet does not answer.</exception>
    /// <exception cref="NotFoundException">The unit is gone, or has nothing that could write yet.</exception>
    /// <exception cref="LogsNotOfferedException">The fleet does not hand out logs.</exception>
    Task<IOutputReader> OpenAsync(UnitName unit, int? tail, bool follow, CancellationToken cancellationToken);
}
