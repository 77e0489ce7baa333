using System.Globalization;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Says how a container, or one that is not made yet, does as a unit.</summary>
internal static class DockerUnits
{
    /// <summary>A unit that has a container.</summary>
    /// <param name="unit">The unit's container.</param>
    /// <param name="machine">The engine's machine.</param>
    /// <param name="lastEnd">How the run before this one ended; null where there was none, or nobody knows.</param>
    public static Unit Of(UnitContainer unit, string machine, string? lastEnd)
    {
        var (phase, detail) = PhaseOf(unit);
        var state = unit.State;
        var hasRun = !unit.IsFresh;
        return new Unit(unit.Name, unit.Wanted, phase)
        {
            MachineId = machine,
            Endpoint = unit.Endpoint?.ToString(),
            Run = hasRun ? $"{unit.Id} {state.StartedAt}" : null,
            Restarts = (int)unit.Container.RestartCount,
            ExitCode = hasRun && (!unit.IsStarted || unit.Container.RestartCount > 0) ? (int)state.ExitCode : null,
            PassesHealthcheck = phase == Phase.Running ? PassesHealthcheck(state) : null,

            // Why a unit is in a crash loop says more than that it does not answer yet, and does not depend on the moment.
            Detail = phase == Phase.Running ? lastEnd ?? detail : detail,
            Intention = unit.Intention,
            ImageId = unit.Container.Image,
        };
    }

    /// <summary>A unit that has no container yet, or could not get one.</summary>
    public static Unit Of(PendingUnit unit, string machine) =>
        new(unit.Name, Wanted.Running, unit.Failure is null ? Phase.Preparing : Phase.Failed)
        {
            MachineId = machine,
            Restarts = 0,
            Detail = unit.Failure ?? unit.Trouble,
            Intention = unit.Intention,
        };

    private static (Phase Phase, string? Detail) PhaseOf(UnitContainer unit) => unit.State.Status switch
    {
        "created" when unit.IsFresh => (unit.IsGone ? Phase.Stopped : Phase.Preparing, null),
        "running" => (Phase.Running, HealthcheckComplaint(unit.State.Health)),
        "paused" => (Phase.Running, "paused"),
        "restarting" => (Phase.Restarting, unit.End),
        "removing" => (Phase.Stopping, "being removed"),
        _ when unit.Wanted == Wanted.Stopped || unit.State is { ExitCode: 0, Error: null or "" } => (Phase.Stopped, unit.End),
        _ => (Phase.Failed, unit.End),
    };

    private static bool? PassesHealthcheck(State state) => state switch
    {
        { Status: "paused" } => false,
        { Health.Status: null or "" or "none" } or { Health: null } => null,
        var checkedState => checkedState.Health.Status == "healthy",
    };

    private static string? HealthcheckComplaint(global::Docker.DotNet.Models.Health? health) => health?.Status switch
    {
        null or "" or "none" or "healthy" => null,
        "unhealthy" when health.Log?.LastOrDefault() is { } last => string.Create(
            CultureInfo.InvariantCulture,
            $"its HEALTHCHECK fails: exit code {last.ExitCode} {EngineMessage.ToLine(last.Output ?? "")}").TrimEnd(),
        var status => $"its HEALTHCHECK is {status}",
    };
}
