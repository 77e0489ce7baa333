using System.Diagnostics.Metrics;
using System.Text.Json;
using Deployster.Domain.Rollouts;

namespace Deployster.Application.Rollouts;

/// <summary>Counts rollouts for whoever watches Deployster from outside.</summary>
internal sealed class DeployMetrics : IDisposable
{
    private readonly Meter _meter = new(ApplicationServices.MeterName);
    private readonly Counter<long> _ended;

    public DeployMetrics(LiveRollouts rollouts)
    {
        _meter.CreateObservableGauge(
            "deployster.rollouts.under_way", () => rollouts.UnderWay.Count, description: "Rollouts that are under way.");
        _ended = _meter.CreateCounter<long>("deployster.deploys.ended", description: "Deploys whose rollout has ended, by outcome.");
    }

    public void CountEnd(DeployStatus outcome) => _ended.Add(
        1, new KeyValuePair<string, object?>("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString())));

    public void Dispose() => _meter.Dispose();
}
