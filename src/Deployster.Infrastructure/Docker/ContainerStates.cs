using System.Globalization;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker;

/// <summary>Says in systemd's words how a container does.</summary>
internal static class ContainerStates
{
    /// <summary>The state of a unit that has a container.</summary>
    /// <param name="unit">The unit's container.</param>
    /// <param name="machine">The engine's machine.</param>
    /// <param name="complaint">Why the probe of its port does not pass; null where it passes.</param>
    public static UnitState Of(UnitContainer unit, string machine, string? complaint)
    {
        var (active, sub, detail) = Words(unit, complaint);
        return new UnitState(unit.Name, machine, "loaded", active, sub)
        {
            Restarts = (int)unit.Container.RestartCount,
            Detail = detail,
            Endpoint = unit.Endpoint?.Published.ToString(),
        };
    }

    /// <summary>The state of a unit that has no container yet, or could not get one.</summary>
    public static UnitState Of(PendingUnit unit, string machine)
    {
        var (active, sub) = unit switch
        {
            { Failure: not null } => ("failed", "failed"),
            { TargetState: TargetState.Launched } => ("activating", "start-pre"),
            _ => ("inactive", "dead"),
        };
        return new UnitState(unit.Name, machine, "loaded", active, sub) { Detail = unit.Failure, Restarts = 0 };
    }

    private static (string Active, string Sub, string? Detail) Words(UnitContainer unit, string? complaint)
    {
        var state = unit.State;
        switch (state.Status)
        {
            case "created" when unit.IsFresh:
                return unit.TargetState == TargetState.Launched ? ("activating", "start-pre", null) : ("inactive", "dead", null);
            case "running":
                return (complaint ?? HealthcheckComplaint(state.Health)) is { } reason
                    ? ("activating", "start-post", reason)
                    : ("active", "running", null);
            case "paused":
                return ("activating", "start-post", "paused");
            case "restarting":
                return ("activating", "auto-restart", End(state));
            case "removing":
                return ("inactive", "dead", "being removed");
            default:
                return state is { ExitCode: 0, Error: null or "" } ? ("inactive", "dead", End(state)) : ("failed", "failed", End(state));
        }
    }

    private static string End(State state) => state switch
    {
        { Error: { Length: > 0 } error } => EngineMessage.ToLine(error),
        { OOMKilled: true } => "killed: out of memory",
        _ => string.Create(CultureInfo.InvariantCulture, $"exit code {state.ExitCode}"),
    };

    private static string? HealthcheckComplaint(Health? health) => health?.Status switch
    {
        null or "" or "none" or "healthy" => null,
        "unhealthy" when health.Log?.LastOrDefault() is { } last => string.Create(
            CultureInfo.InvariantCulture,
            $"its HEALTHCHECK fails: exit code {last.ExitCode} {EngineMessage.ToLine(last.Output ?? "")}").TrimEnd(),
        var status => $"its HEALTHCHECK is {status}",
    };
}
