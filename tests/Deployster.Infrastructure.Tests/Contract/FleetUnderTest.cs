using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Tests.Contract;

/// <summary>A fleet for <see cref="FleetContract"/>, and what a test can do to it behind Deployster's back.</summary>
public abstract class FleetUnderTest : IAsyncDisposable
{
    /// <summary>The fleet, as one Deployster sees it.</summary>
    public abstract IFleetClient Port { get; }

    /// <summary>The same fleet, as a second Deployster sees it.</summary>
    public abstract IFleetClient Other { get; }

    /// <summary>A port to a fleet of this kind that does not answer.</summary>
    public abstract IFleetClient Unreachable { get; }

    /// <summary>A deploy of a service that no other test has.</summary>
    public abstract DeployId DeployId { get; }

    /// <summary>An intention whose units run and write at least one line.</summary>
    public abstract Task<Intention> GoodAsync();

    /// <summary>An intention whose units fail for good.</summary>
    public abstract Task<Intention> FailingAsync();

    /// <summary>An intention that the fleet refuses; null where it takes everything.</summary>
    public abstract Task<Intention?> RefusedAsync();

    /// <summary>Removes a unit as somebody else would.</summary>
    public abstract Task VanishAsync(UnitName unit);

    /// <summary>Leaves a unit as a Deployster does that is killed while it makes it; null where a unit is made in one step.</summary>
    public abstract Task<UnitName?> LeaveHalfMadeAsync();

    /// <summary>Has the fleet run things that are not Deployster's, with names like those of <see cref="DeployId"/>.</summary>
    public abstract Task AddForeignAsync();

    /// <summary>How many things the fleet itself has of <see cref="DeployId"/>.</summary>
    public abstract Task<int> CountAsync();

    /// <summary>What a unit was made of, without what nobody knows before: to compare with its preview.</summary>
    public abstract Task<IReadOnlyList<UnitOption>> ReadOptionsAsync(UnitName unit);

    /// <inheritdoc />
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
