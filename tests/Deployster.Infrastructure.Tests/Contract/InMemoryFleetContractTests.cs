using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Tests.Fleet;
using Deployster.Testing;

namespace Deployster.Infrastructure.Tests.Contract;

public sealed class InMemoryFleetContractTests : FleetContract
{
    protected override Task<FleetUnderTest> StartAsync() => Task.FromResult<FleetUnderTest>(new Memory());

    private sealed class Memory : FleetUnderTest
    {
        private readonly InMemoryFleet _fleet = new()
        {
            LastLines = (_, _) => ["listening"],
            Traits = new FleetTraits("fake") { ChecksHealth = true, KeepsLogs = true, TellsChanges = true, Restarts = true },
        };

        public override IFleetClient Port => _fleet;

        public override IFleetClient Other => _fleet;

        public override IFleetClient Unreachable { get; } = new InMemoryFleet { IsAway = true };

        public override DeployId DeployId { get; } = Some.Unit().Name.DeployId;

        public override Task<Intention> GoodAsync() => Task.FromResult(Some.Unit().Intention);

        public override Task<Intention> FailingAsync()
        {
            _fleet.Becomes = _ => (Phase.Failed, "exit code 1");
            return GoodAsync();
        }

        public override async Task<Intention?> RefusedAsync()
        {
            _fleet.Refusal = new SpecRefusedException("deploy", "not here");
            return await GoodAsync();
        }

        public override Task VanishAsync(UnitName unit)
        {
            _fleet.Take(unit);
            return Task.CompletedTask;
        }

        public override Task<UnitName?> LeaveHalfMadeAsync() => Task.FromResult<UnitName?>(null);

        public override Task AddForeignAsync() => Task.CompletedTask;

        public override Task<int> CountAsync() => Task.FromResult(_fleet.Names.Count());

        public override Task<IReadOnlyList<UnitOption>> ReadOptionsAsync(UnitName unit) =>
            Task.FromResult<IReadOnlyList<UnitOption>>(IntentionOptions.Write(_fleet[unit].Intention!));
    }
}
