using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class UnfinishedRolloutsTests
{
    private static readonly DateTimeOffset s_start = new(2015, 3, 2, 0, 31, 45, TimeSpan.Zero);

    [Test]
    public void Find_WhenWhatADeployReplacesExists_FindsItWithItsIntention()
    {
        var unit = Unit("v2", 1, Replacing("v1"));

        UnfinishedRollouts.Find([Unit("v1", 0), unit]).Should().Equal(new Deploy(unit.Name.DeployId, unit.Intention!));
    }

    [Test]
    public void Find_WhenADeployHasSeveralUnits_FindsItOnce() =>
        Find([Unit("v1", 0), Unit("v2", 1, Replacing("v1")), Unit("v2", 1, Replacing("v1"), instance: 2)]).Should().Equal("v2");

    [Test]
    public void Find_WhenWhatItReplacesIsGone_FindsNothing() => Find([Unit("v2", 1, Replacing("v1"))]).Should().BeEmpty();

    [Test]
    public void Find_WhenItReplacesNothing_FindsNothing() => Find([Unit("v1", 0), Unit("v2", 1, Replacing())]).Should().BeEmpty();

    [Test]
    public void Find_WhenNoIntentionCanBeRead_FindsNothing() => Find([Unit("v1", 0), Unit("v2", 1)]).Should().BeEmpty();

    [Test]
    public void Find_WhenTheUnitsOfOneDeployDiffer_TakesTheIntentionOfTheLowestInstanceThatReplacesSomething() =>
        UnfinishedRollouts.Find([
                Unit("v1", 0),
                Unit("v2", 1, Replacing("v1") with { Image = "three" }, instance: 3),
                Unit("v2", 1, Replacing(), instance: 1),
                Unit("v2", 1, Replacing("v1") with { Image = "two" }, instance: 2),
            ])
            .Should().ContainSingle().Which.Intention.Image.Should().Be("two");

    [Test]
    public void Find_WhenItIsMarkedAsGivenUp_FindsItSoThatItsUnitsAreDestroyed() =>
        Find([Unit("v1", 0), Unit("v2", 1, Replacing("v1")) with { Wanted = Wanted.Gone }]).Should().Equal("v2");

    [Test]
    public void Find_WhenALaterRolloutReplacesItToo_FindsTheLaterOneOnly() =>
        Find([Unit("v1", 0), Unit("v2", 1, Replacing("v1")), Unit("v3", 2, Replacing("v1", "v2"))]).Should().Equal("v3");

    [Test]
    public void Find_WhenAChainOfRolloutsIsUnfinished_FindsTheLastOnly() =>
        Find([
            Unit("v1", 0),
            Unit("v2", 1, Replacing("v1")),
            Unit("v3", 2, Replacing("v1", "v2")),
            Unit("v4", 3, Replacing("v1", "v2", "v3")),
        ]).Should().Equal("v4");

    [Test]
    public void Find_WhenALaterDeployHasTheNameOfOneThatWasReplaced_DoesNotTakeItsUnitsForTheOldOnes() =>
        Find([Unit("v2", 1, Replacing("v1")), Unit("v1", 0, Replacing("v2") with { RequestedAt = s_start.AddMinutes(2) })])
            .Should().Equal("v1");

    [Test]
    public void Find_WhenTheSameVersionOfAnotherServiceExists_FindsNothing() =>
        Find([Unit("v1", 0, service: "other"), Unit("v2", 1, Replacing("v1"))]).Should().BeEmpty();

    [Test]
    public void Find_WhenSeveralServicesHaveUnfinishedRollouts_FindsThemAll() =>
        Find([
            Unit("v1", 0),
            Unit("v2", 1, Replacing("v1")),
            Unit("v1", 0, service: "other"),
            Unit("v2", 1, Replacing("v1"), service: "other"),
        ]).Should().HaveCount(2);

    [Test]
    public void Find_WhenADeployIsSaidToReplaceItself_FindsNothing() =>
        Find([Unit("v1", 0, Replacing("v1"))]).Should().BeEmpty();

    private static IEnumerable<string> Find(IReadOnlyCollection<Unit> units) =>
        UnfinishedRollouts.Find(units).Select(deploy => deploy.Id.Version.Value);

    /// <summary>A unit of the deploy of a version that was made at a minute.</summary>
    private static Unit Unit(
        string version, int minute, Intention? intention = null, int instance = 1, string service = "railsapp") =>
        new(
            new UnitName(
                new DeployId(ServiceName.Parse(service), VersionTag.Parse(version), DeployTimestamp.At(s_start.AddMinutes(minute))), instance),
            Wanted.Running,
            Phase.Healthy)
        {
            Intention = intention?.RequestedAt == default(DateTimeOffset)
                ? intention with { RequestedAt = s_start.AddMinutes(minute) }
                : intention,
        };

    /// <summary>The intention to replace versions whose number tells the minute: v1 was made at minute 0.</summary>
    private static Intention Replacing(params string[] versions) => new()
    {
        Image = "image",
        RequestedAt = default,
        DestroyPrevious = true,
        Replaces =
        [
            .. versions.Select(version => new ReplacedDeploy(
                VersionTag.Parse(version), DeployTimestamp.At(s_start.AddMinutes(version[1] - '1')), 1)),
        ],
        Spec = DeploySpec.Default,
    };
}
