using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Application.Tests.Fleet;

public sealed class UnitStepsTests
{
    private static readonly DeployId s_deployId =
        new(ServiceName.Parse("web"), VersionTag.Parse("v1"), DeployTimestamp.Parse("2015.03.02-00.31.45"));

    // r: running, s: stopped, p: to be stopped and still being made, g: marked to go, -: no unit; the first letter is instance 1.
    [TestCase("", 3, 3, "+1 +2 +3")]
    [TestCase("", 3, 1, "+1 .2 .3")]
    [TestCase("rr", 3, 3, "+3")]
    [TestCase("r-r", 3, 3, "+2")]
    [TestCase("grr", 3, 3, "+4")]
    [TestCase("rrr", 3, 1, "-3 -2")]
    [TestCase("rss", 3, 2, "start 2")]
    [TestCase("-ss", 3, 1, "+1")]
    [TestCase("-ss", 3, 2, "+1 start 2")]
    [TestCase("-ss", 3, 0, ".1")]
    [TestCase("rrr", 2, 3, "")]
    [TestCase("rf", 2, 2, "start 2")]
    [TestCase("rp", 2, 1, ".2")]
    [TestCase("rp", 2, 2, "start 2")]
    public void To_WhenTheDeployIsAsSeen_LeadsToTheTwoNumbers(string seen, int units, int running, string steps)
    {
        var target = new DeployTarget(s_deployId, units, running)
        {
            Intention = new Intention { Image = "web:v1", RequestedAt = DateTimeOffset.UnixEpoch, Spec = DeploySpec.Default },
            Seen = [.. seen.Index().Where(unit => unit.Item != '-').Select(unit => UnitOf(unit.Index + 1, unit.Item))],
        };

        Write(UnitSteps.To(target)).Should().Be(steps);
    }

    [TestCase(1, "start 1")]
    [TestCase(2, "+3 start 1")]
    public void To_WhenALaterDeployWasGivenTheSameName_LeavesItsUnitsAsTheyAre(int count, string steps)
    {
        var intention = new Intention { Image = "web:v1", RequestedAt = DateTimeOffset.UnixEpoch, Spec = DeploySpec.Default };
        var target = new DeployTarget(s_deployId, count, count)
        {
            Intention = intention,
            Seen =
            [
                UnitOf(1, 's') with { Intention = intention },
                UnitOf(2, 'r') with { Intention = intention with { RequestedAt = intention.RequestedAt.AddSeconds(1) } },
            ],
        };

        Write(UnitSteps.To(target)).Should().Be(steps);
    }

    private static Unit UnitOf(int instance, char letter) => new(
        new UnitName(s_deployId, instance),
        letter switch { 'r' or 'f' => Wanted.Running, 's' or 'p' => Wanted.Stopped, _ => Wanted.Gone },
        letter switch { 'r' => Phase.Running, 'f' => Phase.Failed, 'p' => Phase.Preparing, _ => Phase.Stopped });

    private static string Write(UnitSteps steps) => string.Join(
        ' ',
        [
            .. steps.Make.Select(unit => $"+{unit.Name.Instance}"),
            .. steps.MakeStopped.Select(unit => $".{unit.Name.Instance}"),
            .. steps.Start.Select(unit => $"start {unit.Instance}"),
            .. steps.Stop.Select(unit => $"-{unit.Instance}"),
        ]);
}
