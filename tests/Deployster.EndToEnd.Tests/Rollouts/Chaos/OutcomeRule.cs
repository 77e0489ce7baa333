using System.Net;
using System.Text.Json;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>The units of a service that run.</summary>
/// <param name="Version">Their version.</param>
/// <param name="Units">Their names in the fleet.</param>
internal sealed record RunningSet(string Version, IReadOnlyList<string> Units)
{
    public static RunningSet None { get; } = new("nothing", []);

    public override string ToString() => $"{Version}: {string.Join(", ", Units)}";
}

/// <summary>How a deploy and its cancel were answered.</summary>
/// <param name="Deploy">The deploy: 200 for every success.</param>
/// <param name="Cancel">The cancel, likewise; null where nobody cancelled.</param>
internal sealed record Answers(HttpStatusCode Deploy, HttpStatusCode? Cancel)
{
    /// <summary>There was no answer, or not all of it.</summary>
    public const HttpStatusCode CutOff = 0;
}

/// <summary>What has become of a deploy.</summary>
/// <param name="Deploy">The deploy; null where it is not known.</param>
/// <param name="Told">The units of its service, as Deployster tells of them.</param>
/// <param name="Units">The same, as the fleet tells of them.</param>
internal sealed record Outcome(JsonElement? Deploy, IReadOnlyList<JsonElement> Told, IReadOnlyList<FleetUnit> Units)
{
    public string? Status => Deploy?.GetProperty("status").GetString();

    public override string ToString() => $"{Deploy?.ToString() ?? "no deploy"}; in the fleet: {string.Join(", ", Units)}; told: {string.Join(", ", Told)}";
}

/// <summary>How a deploy may end, and which units may run then.</summary>
internal sealed class OutcomeRule(ChaosDeploy deploy, Answers answers, RunningSet before)
{
    private const string Succeeded = "succeeded";

    private bool IsCancelDone => answers.Cancel is HttpStatusCode.OK;

    /// <summary>Whether the cancel did, or may have done, what it was to do.</summary>
    private bool MayBeCancelled => IsCancelDone || answers.Cancel is Answers.CutOff or HttpStatusCode.ServiceUnavailable;

    /// <summary>Verifies that requests were answered as they may be.</summary>
    public void VerifyAnswers()
    {
        answers.Deploy.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, Answers.CutOff);
        answers.Cancel?.Should().BeOneOf(
            HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.ServiceUnavailable, Answers.CutOff);
    }

    /// <summary>Whether all has come to its end; fails where it has come to an end that may not be.</summary>
    public bool Verify(Outcome seen)
    {
        if (seen.Status == "in_progress")
        {
            return false;
        }

        Statuses().Should().Contain(seen.Status, "of how it was asked for ({0}): {1}", answers, seen);
        if (seen.Deploy is { } ended && ended.GetProperty("ended_at").ValueKind != JsonValueKind.Null)
        {
            ended.GetProperty("ended_at").GetDateTimeOffset().Should().BeOnOrAfter(
                ended.GetProperty("requested_at").GetDateTimeOffset(), "it ended after it was asked for");
        }

        return IsNow(seen);
    }

    /// <summary>What runs now.</summary>
    public RunningSet After(Outcome seen) => seen.Status != Succeeded
        ? before
        : new RunningSet(deploy.Version, [.. seen.Units.Select(unit => unit.Name)]);

    private IEnumerable<string?> Statuses()
    {
        if (answers.Deploy != HttpStatusCode.OK)
        {
            // It has not arrived.
            yield return null;
        }

        if (MayBeCancelled)
        {
            yield return "cancelled";
        }

        if (MayBeCancelled && !IsCancelDone)
        {
            // A kill, while the history was locked: the units' mark tells that it was given up, and not by whom.
            yield return "rolled_back";
        }

        if (deploy.Kind == VersionKind.Good)
        {
            yield return Succeeded;
        }
        else
        {
            yield return "rolled_back";
            yield return "failed";
        }
    }

    private bool IsNow(Outcome seen)
    {
        var units = seen.Units.Select(unit => unit.Name).ToHashSet();
        var isAll = seen.Status == Succeeded
            ? (IsNew(units) && !IsCancelDone) || (MayBeCancelled && units.Count == 0)
            : units.SetEquals(before.Units);
        var version = seen.Status == Succeeded ? deploy.Version : before.Version;
        return isAll
            && seen.Units.All(unit => unit.Runs)
            && seen.Told.Count == units.Count
            && seen.Told.All(unit => unit.GetProperty("version").GetString() == version && IsHealthy(unit));
    }

    private bool IsNew(HashSet<string> units) => units.Count == deploy.InstanceCount && !units.Overlaps(before.Units);

    private static bool IsHealthy(JsonElement unit) =>
        unit.GetProperty("active_state").GetString() == "active" && unit.GetProperty("sub_state").GetString() == "running";
}
