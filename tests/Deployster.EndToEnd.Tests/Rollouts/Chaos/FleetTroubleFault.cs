using Deployster.FleetStandIn;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>For a while a Fleet is slow, and many of its answers are errors, cut off or missing.</summary>
internal sealed class FleetTroubleFault(FleetServer fleet) : IFault
{
    private static readonly FaultKind[] s_kinds = [FaultKind.ServerError, FaultKind.EtcdAway, FaultKind.Dropped, FaultKind.CutOff];

    public PlannedFault Plan(Random random)
    {
        var faults = new Faults
        {
            Rate = 0.2 + (random.NextDouble() * 0.6),
            Kinds = s_kinds,
            AfterWork = random.Next(2) == 0,
            Latency = TimeSpan.FromMilliseconds(random.Next(200)),
        };
        var time = TimeSpan.FromMilliseconds(random.Next(500, 3000));
        return new PlannedFault($"trouble of the fleet for {time.TotalSeconds:F1} s, {faults.Rate:P0} of requests", async () =>
        {
            fleet.Faults = faults;
            await Task.Delay(time);
            fleet.Faults = Faults.None;
        });
    }
}
