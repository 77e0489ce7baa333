using Deployster.Application.Fleet;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>
/// Carries all rollouts through: while any is under way it reads the fleet once a second for all of them together,
/// asks the planner what comes next, and does it. While none is, it rests.
/// </summary>
internal sealed partial class RolloutWatcher(
    IFleetClient fleet,
    ITraffic traffic,
    UnitActions actions,
    WatchedDeploys deploys,
    DeployArchive archive,
    RolloutAdoption adoption,
    DeployMetrics metrics,
    TimeProvider time,
    ILogger<RolloutWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);
    private const int LinesInReason = 20;

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>
    /// Launches the units of a deploy that is being watched. What fails is tried again with the next plan,
    /// and it goes on where the request that asked for it does not wait.
    /// </summary>
    public Task LaunchAsync(WatchedDeploy deploy) =>
        Task.WhenAll(deploy.Rollout.UnitNames.Select(unit => RunAsync(deploy, new LaunchUnit(unit))));

    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isAdopted = false;
        var pause = s_pace;
        while (!stoppingToken.IsCancellationRequested)
        {
            var isReached = false;
            try
            {
                if (!isAdopted)
                {
                    isAdopted = await adoption.AdoptAsync(stoppingToken);
                }

                await WatchOnceAsync(stoppingToken);
                isReached = true;
                pause = s_pace;
            }
            catch (FleetUnavailableException e)
            {
                LogFleetUnavailable(e.Message);
                Tell(deploys.UnderWay, $"{e.Message}; trying again");
                pause = Longer(pause);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogUnexpected(e, "the fleet");
                pause = Longer(pause);
            }

            await RestAsync(isReached, isAdopted, pause, stoppingToken);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < s_longestPause ? pause * 2 : s_longestPause;

    private async Task RestAsync(bool isReached, bool isAdopted, TimeSpan pause, CancellationToken stoppingToken)
    {
        if (!isReached || deploys.UnderWay.Count > 0)
        {
            await Task.Delay(pause, time, stoppingToken);
            return;
        }

        using var limit = new CancellationTokenSource(
            isAdopted && deploys.All.All(deploy => deploy.IsSaved) ? Timeout.InfiniteTimeSpan : DeployArchive.RetryAfter, time);
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            await deploys.WaitForOneAsync(rest.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
        }
    }

    private async Task WatchOnceAsync(CancellationToken cancellationToken)
    {
        if (deploys.UnderWay is { Count: > 0 } underWay)
        {
            // Before the fleet is read: what is made meanwhile may be missing from the picture.
            var busy = actions.BusyUnits;
            var snapshot = await FleetSnapshot.TakeAsync(fleet, cancellationToken);

            // First the gateways learn who is healthy, then those go that are not needed any more.
            traffic.Show(snapshot);
            foreach (var deploy in underWay)
            {
                await TryCarryOnAsync(deploy, snapshot, busy, cancellationToken);
            }
        }

        foreach (var ended in deploys.All.Where(deploy => !deploy.IsUnderWay && !deploy.IsSaved))
        {
            await archive.TrySaveAsync(ended, cancellationToken);
        }
    }

    private async Task TryCarryOnAsync(
        WatchedDeploy deploy, FleetSnapshot snapshot, IReadOnlySet<UnitName> busy, CancellationToken cancellationToken)
    {
        try
        {
            await CarryOnAsync(deploy, snapshot, busy, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, the other rollouts must go on.
            LogUnexpected(e, deploy.Record.Deploy.ToString());
        }
    }

    private async Task CarryOnAsync(
        WatchedDeploy deploy, FleetSnapshot snapshot, IReadOnlySet<UnitName> busy, CancellationToken cancellationToken)
    {
        RolloutPlan plan;
        RolloutMemory basis;
        do
        {
            basis = deploy.Memory;
            plan = RolloutPlanner.Plan(deploy.Rollout, snapshot.Units, snapshot.States, basis, time.GetUtcNow());
            if (plan.Outcome is not null && deploy.Rollout.UnitNames.Any(busy.Contains))
            {
                // A unit that is still being made would outlive the end.
                return;
            }

            plan = await GiveReasonAsync(plan, cancellationToken);
        }
        while (!deploy.TryTake(plan, basis, time.GetUtcNow()));

        if (!plan.Events.IsEmpty)
        {
            await archive.TrySaveAsync(deploy, cancellationToken);
        }

        if (plan.Outcome is { } outcome)
        {
            metrics.CountEnd(outcome.Status);
            LogEnded(deploy.Record.Deploy.ToString(), outcome.Status, outcome.Message);
        }

        foreach (var action in plan.Actions)
        {
            _ = RunAsync(deploy, action);
        }

        // What a plan before wanted to destroy, and this one does not, is needed again: the new units have fallen ill.
        var leaving = plan.Actions.OfType<DestroyUnit>().Select(action => action.Unit).ToHashSet();
        foreach (var unit in snapshot.Units.Where(deploy.Rollout.IsReplaced).Where(unit => !leaving.Contains(unit.Name)))
        {
            actions.TakeBack(unit.Name);
        }
    }

    private async Task RunAsync(WatchedDeploy deploy, RolloutAction action)
    {
        try
        {
            await actions.RunAsync(action, deploy.Record.Intention, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogActionFailed(action.Unit.ToString(), action.GetType().Name, e.Message);
            Tell([deploy], $"{action.Unit}: {e.Message}; trying again");
        }
    }

    // The unit that is the reason will be gone soon, and what it wrote with it.
    private async Task<RolloutPlan> GiveReasonAsync(RolloutPlan plan, CancellationToken cancellationToken)
    {
        var reason = plan.Events.LastOrDefault(happened =>
            happened.Kind is RolloutEventKind.GivingUp or RolloutEventKind.Failed && happened.Unit is not null);
        if (reason is null || await ReadLastLinesAsync(reason.Unit!, cancellationToken) is not { Count: > 0 } lines)
        {
            return plan;
        }

        string WithLines(string message) => $"{message}\n{string.Join('\n', lines.Select(line => $"| {line}"))}";
        return plan with
        {
            Events = plan.Events.Replace(reason, reason with { Message = WithLines(reason.Message) }),
            Memory = plan.Memory.GivingUp is { } givingUp
                ? plan.Memory with { GivingUp = givingUp with { Reason = WithLines(givingUp.Reason) } }
                : plan.Memory,
            Outcome = plan.Outcome is { } outcome ? outcome with { Message = WithLines(outcome.Message) } : null,
        };
    }

    private async Task<IReadOnlyList<string>> ReadLastLinesAsync(UnitName unit, CancellationToken cancellationToken)
    {
        try
        {
            return await fleet.ReadLastLinesAsync(unit, LinesInReason, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The decision must not wait for its illustration.
            LogNoLines(unit.ToString(), e.Message);
            return [];
        }
    }

    private void Tell(IEnumerable<WatchedDeploy> told, string message)
    {
        foreach (var deploy in told)
        {
            deploy.Tell(time.GetUtcNow(), new RolloutEvent(RolloutEventKind.Retrying, message));
        }
    }

    [LoggerMessage(LogLevel.Information, "{Deploy} {Status}: {Message}")]
    private partial void LogEnded(string deploy, DeployStatus status, string message);

    [LoggerMessage(LogLevel.Warning, "{Unit}: {Action} failed and is tried again: {Cause}")]
    private partial void LogActionFailed(string unit, string action, string cause);

    [LoggerMessage(LogLevel.Warning, "The last lines of {Unit} cannot be read: {Cause}")]
    private partial void LogNoLines(string unit, string cause);

    [LoggerMessage(LogLevel.Warning, "Rollouts wait: {Cause}")]
    private partial void LogFleetUnavailable(string cause);

    [LoggerMessage(LogLevel.Error, "Watching {Watched} failed and is tried again")]
    private partial void LogUnexpected(Exception exception, string watched);
}
