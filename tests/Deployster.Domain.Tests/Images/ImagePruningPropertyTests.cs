using Deployster.Domain.Images;
using Deployster.Domain.Names;
using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Images;

/// <summary>What holds of each plan, whatever the machine has and whatever was deployed. Few names and ids, so that they meet.</summary>
internal sealed class ImagePruningPropertyTests
{
    private static readonly DateTimeOffset s_noon = new(2015, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_ids = ["1", "2", "3", "4", "5", "6", "7", "8"];

    private static readonly Gen<string> s_id = Gen.Elements(s_ids);
    private static readonly Gen<string> s_ours = Gen.Elements("team/web:v1", "team/web:v2", "team/web:v3", "team/web:latest", "team/job:v1");
    private static readonly Gen<string> s_name = Gen.Frequency((4, s_ours), (1, Gen.Elements("redis:7", "backup/web:v1")));

    private static readonly Gen<NamedImage> s_named =
        from name in s_ours
        from id in Gen.Frequency((4, s_id.Select(string? (id) => id)), (1, Gen.Constant<string?>(null)))
        select new NamedImage(name, id);

    private static readonly Gen<DeployedImage> s_deployed =
        from service in Gen.Elements("web", "worker")
        from image in s_named
        from minute in Gen.Choose(-3, 20)
        from isWanted in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new DeployedImage(ServiceName.Parse(service), image)
        {
            SucceededAt = minute < 0 ? null : s_noon.AddMinutes(minute),
            IsWanted = isWanted,
        };

    // A name means one image at a time.
    private static readonly Gen<StoredImage[]> s_stored =
        from ids in Gen.SubListOf(s_ids)
        from names in s_name.ArrayOf()
        from owners in Gen.Choose(0, 9).ListOf(names.Length)
        from containers in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 2))).ListOf(ids.Count)
        from digests in Gen.Elements("", "team/web", "mirror/web").ListOf(ids.Count)
        select ids.Select((id, index) => new StoredImage(id)
        {
            Tags = [.. names.Zip(owners).DistinctBy(pair => pair.First).Where(pair => pair.Second == index).Select(pair => pair.First)],
            Digests = digests[index] == "" ? [] : [$"{digests[index]}@sha256:{id}"],
            Containers = containers[index],
        }).ToArray();

    private static readonly Gen<Case> s_cases =
        from stored in s_stored
        from deployed in s_deployed.ArrayOf()
        from needed in Gen.Frequency((2, Gen.Constant(Array.Empty<NamedImage>())), (1, s_named.ArrayOf(1)))
        from keep in Gen.Choose(1, 4)
        select new Case(stored, [.. deployed.Select((image, index) => image with { SucceededAt = image.SucceededAt?.AddSeconds(index) })], needed, keep);

    [Test]
    public void Plan_Always_LeavesWhatIsInUse() => Properties.Check(s_cases, one =>
        one.Plan.Any(removal =>
            removal.Image.Containers > 0
            || one.Needed.Any(removal.Image.IsMeantBy)
            || one.Deployed.Any(image => image.IsWanted && removal.Image.IsMeantBy(image.Image))).Should().BeFalse());

    [Test]
    public void Plan_Always_LeavesTheLastThatSucceededOfEachService() => Properties.Check(s_cases, one =>
    {
        foreach (var service in one.Deployed.GroupBy(image => image.Service))
        {
            // As many successes back as it takes to meet so many different images: those all stay.
            var last = new HashSet<string>();
            foreach (var success in service.Where(image => image.SucceededAt is not null).OrderByDescending(image => image.SucceededAt))
            {
                if (last.Count == one.Keep)
                {
                    break;
                }

                last.Add(success.Image.Id ?? success.Image.Name);
                one.Plan.Any(removal => removal.Image.IsMeantBy(success.Image)).Should().BeFalse("{0} stays", success.Image);
            }
        }
    });

    [Test]
    public void Plan_Always_TakesOnlyWhatDeploysHad() => Properties.Check(s_cases, one =>
    {
        foreach (var removal in one.Plan)
        {
            var had = one.Deployed.Where(image => image.Image.Id == removal.Image.Id
                || (image.Image.Id is null && removal.Image.Tags.Contains(image.Image.Name))).Select(image => image.Image.Name).ToHashSet();
            had.Should().NotBeEmpty();
            removal.Tags.All(had.Contains).Should().BeTrue();
            if (removal.IsWhole)
            {
                removal.Tags.Should().Equal(removal.Image.Tags);
                removal.Image.Digests.Any(digest => digest.StartsWith("mirror/", StringComparison.Ordinal)).Should().BeFalse();
            }
            else
            {
                removal.Tags.Should().NotBeEmpty("something is removed");
            }
        }
    });

    [Test]
    public void Plan_Always_LeavesNoMoreImagesThanAreKept() => Properties.Check(s_cases, one =>
    {
        // Of images whose ids are known, and that nobody else names or uses.
        var stored = one.Stored.Select(image => image with { Tags = [], Digests = [], Containers = 0 }).ToList();
        DeployedImage[] deployed = [.. one.Deployed.Where(image => image.Image.Id is not null).Select(image => image with { IsWanted = false })];

        var gone = ImagePruning.Plan(stored, deployed, [], one.Keep).Select(removal => removal.Image.Id).ToHashSet();

        var left = stored.Where(image => !gone.Contains(image.Id) && deployed.Any(one => one.Image.Id == image.Id));
        left.Count().Should().BeLessThanOrEqualTo(one.Keep * deployed.Select(image => image.Service).Distinct().Count());
    });

    [Test]
    public void Plan_OfEachServiceByItself_IsTogetherThatOfAll() => Properties.Check(s_cases, one =>
    {
        var parts = new[] { "web", "worker" }.SelectMany(service =>
            ImagePruning.Plan(one.Stored, one.Deployed, one.Needed, one.Keep, ServiceName.Parse(service)));

        parts.Select(removal => removal.Image.Id).ToHashSet().SetEquals(one.Plan.Select(removal => removal.Image.Id)).Should().BeTrue();
    });

    private sealed record Case(StoredImage[] Stored, DeployedImage[] Deployed, NamedImage[] Needed, int Keep)
    {
        public IReadOnlyList<ImageRemoval> Plan { get; } = ImagePruning.Plan(Stored, Deployed, Needed, Keep);
    }
}
