using Deployster.Domain.Images;
using Deployster.Domain.Names;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Images;

/// <summary>Which images go, one situation each. A deploy's image is <c>team/{service}:v{number}</c> with the id <c>{number}</c>.</summary>
internal sealed class ImagePruningTests
{
    private static readonly DateTimeOffset s_noon = new(2015, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Plan_WhenMoreHaveSucceededThanAreKept_RemovesTheOldest()
    {
        Plan(keep: 2, [Stored(1), Stored(2), Stored(3)], [Succeeded(1), Succeeded(2), Succeeded(3)])
            .Should().Equal("team/web:v1");
    }

    [Test]
    public void Plan_WhenAnImageWasDeployedAgain_CountsItOnceAndByItsLastSuccess()
    {
        Plan(keep: 2, [Stored(1), Stored(2), Stored(3)], [Succeeded(1), Succeeded(2), Succeeded(3), Succeeded(1, minute: 9)])
            .Should().Equal("team/web:v2");
    }

    [Test]
    public void Plan_OfAnImageWhoseDeployFailed_RemovesIt()
    {
        Plan(keep: 5, [Stored(1), Stored(2)], [Succeeded(1), Failed(2)]).Should().Equal("team/web:v2");
    }

    [Test]
    public void Plan_OfAnImageThatAnyContainerUses_LeavesIt()
    {
        Plan(keep: 1, [Stored(1) with { Containers = 1 }, Stored(2)], [Succeeded(1), Succeeded(2)]).Should().BeEmpty();
    }

    [Test]
    public void Plan_OfAnImageThatADeployIsToKeep_LeavesIt()
    {
        Plan(keep: 1, [Stored(1), Stored(2)], [Succeeded(1) with { IsWanted = true }, Succeeded(2)]).Should().BeEmpty();
    }

    [TestCase("team/web:v1", null)]
    [TestCase("team/web:other", "1")]
    public void Plan_OfAnImageThatSomebodyIsAboutToUse_LeavesIt(string name, string? id)
    {
        ImagePruning.Plan([Stored(1), Stored(2)], [Succeeded(1), Succeeded(2)], [new NamedImage(name, id)], keep: 1).Should().BeEmpty();
    }

    [Test]
    public void Plan_OfAnImageThatNoDeployHad_LeavesIt()
    {
        var pulled = new StoredImage("9") { Tags = ["team/web:v9", "redis:7"] };
        var dangling = new StoredImage("8");

        Plan(keep: 1, [Stored(1), pulled, dangling], [Succeeded(1)]).Should().BeEmpty();
    }

    [Test]
    public void Plan_OfAnImageThatIsBuiltAnewByTheNameOfAnOldDeploy_LeavesIt()
    {
        var builtAnew = new StoredImage("9") { Tags = ["team/web:v1"] };

        Plan(keep: 1, [builtAnew, Stored(2)], [Failed(1), Succeeded(2)]).Should().BeEmpty();
    }

    [Test]
    public void Plan_OfAnImageThatAnotherServiceKeeps_LeavesIt()
    {
        var worker = new DeployedImage(ServiceName.Parse("worker"), new NamedImage("team/web:v1", "1")) { SucceededAt = s_noon };

        Plan(keep: 1, [Stored(1), Stored(2)], [Succeeded(1), Succeeded(2), worker]).Should().BeEmpty();
    }

    [Test]
    public void Plan_ForOneService_LeavesTheImagesOfOthers()
    {
        ImagePruning.Plan([Stored(1)], [Failed(1)], [], keep: 1, ServiceName.Parse("worker")).Should().BeEmpty();
        ImagePruning.Plan([Stored(1)], [Failed(1)], [], keep: 1, ServiceName.Parse("web")).Should().HaveCount(1);
    }

    [Test]
    public void Plan_WhenSomebodyHasGivenItANameOfTheirOwn_RemovesOursOnly()
    {
        var image = Stored(1) with { Tags = ["backup/web:monday", "team/web:v1"] };

        var removal = ImagePruning.Plan([image, Stored(2)], [Succeeded(1), Succeeded(2)], [], keep: 1).Should().ContainSingle().Which;

        removal.Should().BeEquivalentTo(new { Tags = new[] { "team/web:v1" }, IsWhole = false });
    }

    [Test]
    public void Plan_WhenTheTagHasMoved_RemovesWhatItMeantBeforeByItsId()
    {
        var before = new StoredImage("1") { Digests = ["team/web@sha256:11"] };
        var now = new StoredImage("2") { Tags = ["team/web:latest"], Digests = ["team/web@sha256:22"] };
        DeployedImage[] deployed = [Latest("1", 1), Latest("2", 2)];

        var removal = ImagePruning.Plan([before, now], deployed, [], keep: 1).Should().ContainSingle().Which;

        removal.Should().BeEquivalentTo(new { Image = new { Id = "1" }, Tags = Array.Empty<string>(), IsWhole = true, Names = new[] { "1" } });
        ImagePruning.Plan([before, now], deployed, [], keep: 2).Should().BeEmpty("both are among the last two");
    }

    [Test]
    public void Plan_WhenTheTagHasMovedAndSomebodyUsesTheOldImageByAnotherName_LeavesIt()
    {
        var tagged = new StoredImage("1") { Tags = ["backup/web:monday"] };
        var pulled = new StoredImage("1") { Digests = ["team/web@sha256:11", "mirror/web@sha256:11"] };

        foreach (var before in new[] { tagged, pulled })
        {
            ImagePruning.Plan([before, new StoredImage("2") { Tags = ["team/web:latest"] }], [Latest("1", 1), Latest("2", 2)], [], keep: 1)
                .Should().BeEmpty();
        }
    }

    [Test]
    public void Plan_OfADeployOfAnOlderVersionThatNotedNoId_GoesByItsName()
    {
        DeployedImage[] deployed = [WithoutId(Succeeded(1)), WithoutId(Succeeded(2)), Succeeded(2, minute: 3), Succeeded(3)];

        Plan(keep: 2, [Stored(1), Stored(2), Stored(3)], deployed).Should().Equal("team/web:v1");
        Plan(keep: 5, [Stored(1), Stored(2), Stored(3)], deployed).Should().BeEmpty();
        Plan(keep: 1, [Stored(1)], [WithoutId(Failed(1))]).Should().BeEmpty("it may never have had that image");
    }

    private static IEnumerable<string> Plan(int keep, StoredImage[] stored, DeployedImage[] deployed) =>
        ImagePruning.Plan(stored, deployed, [], keep).SelectMany(removal => removal.Names);

    private static StoredImage Stored(int number) => new($"{number}") { Tags = [$"team/web:v{number}"], Digests = [$"team/web@sha256:{number}{number}"] };

    private static DeployedImage Succeeded(int number, int? minute = null) => Failed(number) with { SucceededAt = s_noon.AddMinutes(minute ?? number) };

    private static DeployedImage Failed(int number) => new(ServiceName.Parse("web"), new NamedImage($"team/web:v{number}", $"{number}"));

    private static DeployedImage Latest(string id, int minute) =>
        new(ServiceName.Parse("web"), new NamedImage("team/web:latest", id)) { SucceededAt = s_noon.AddMinutes(minute) };

    private static DeployedImage WithoutId(DeployedImage image) => image with { Image = image.Image with { Id = null } };
}
