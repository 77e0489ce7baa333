using Deployster.Application.Fleet;
using Deployster.Application.Pruning;
using Deployster.Domain.Images;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>What becomes of images on the engine. Each test has a service of its own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImageStoreTests : IAsyncDisposable
{
    private readonly TestEngine _engine = new();
    private readonly ServiceProvider _services = DockerScene.Connect(new DockerOptions(new Uri(TestEngine.Endpoint)));
    private readonly string _service;

    public ImageStoreTests() => _service = _engine.NewService();

    private IImageStore Store => _services.GetRequiredService<IImageStore>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Test]
    public async Task List_OfAnImageWithContainersOfOthers_CountsThem()
    {
        var image = await BuildAsync("v1");
        (await FindAsync(image))!.Should().BeEquivalentTo(new { Tags = new[] { image }, Digests = Array.Empty<string>(), Containers = 0 });
        await UseAsync(image);
        await UseAsync(image);

        (await FindAsync(image))!.Containers.Should().Be(2);
    }

    [Test]
    public async Task Remove_OfAnImageWithSeveralNames_RemovesAll()
    {
        var image = await BuildAsync("v1");
        var other = await TagAsync(image, TestEngine.Prefix, "v2");
        var stored = (await FindAsync(image))!;

        (await Store.RemoveAsync(new ImageRemoval(stored, [image, other], IsWhole: true), default)).Should().Be(RemovalEnd.Gone);

        (await FindByIdAsync(stored.Id)).Should().BeNull();
    }

    [Test]
    public async Task Remove_OfANameBesideOthers_LeavesTheImage()
    {
        var image = await BuildAsync("v1");
        var theirs = await TagAsync(image, "somebody", "backup");

        (await Store.RemoveAsync(new ImageRemoval((await FindAsync(image))!, [image], IsWhole: false), default)).Should().Be(RemovalEnd.Untagged);

        (await FindAsync(theirs))!.Tags.Should().Equal(theirs);
        (await FindAsync(image)).Should().BeNull();
    }

    [Test]
    public async Task Remove_OfAnImageThatGotAContainerSince_LeavesIt()
    {
        var image = await BuildAsync("v1");
        var stored = (await FindAsync(image))!;
        await UseAsync(image);

        (await Store.RemoveAsync(new ImageRemoval(stored, [image], IsWhole: true), default)).Should().Be(RemovalEnd.Left);

        (await FindAsync(image))!.Id.Should().Be(stored.Id);
    }

    [Test]
    public async Task Remove_OfAnImageThatGotANameOfSomebodyElseSince_RemovesOursOnly()
    {
        var image = await BuildAsync("v1");
        var stored = (await FindAsync(image))!;
        var theirs = await TagAsync(image, "somebody", "backup");

        (await Store.RemoveAsync(new ImageRemoval(stored, [image], IsWhole: true), default)).Should().Be(RemovalEnd.Untagged);

        (await FindAsync(theirs))!.Should().BeEquivalentTo(new { stored.Id, Tags = new[] { theirs } });
    }

    [Test]
    public async Task Remove_OfANameThatMeansAnotherImageByNow_LeavesThatOne([Values] bool isWhole)
    {
        var image = await BuildAsync("v1");
        var other = await TagAsync(image, TestEngine.Prefix, "v2");
        var stored = (await FindAsync(image))!;
        await BuildAsync("v1");

        await Store.RemoveAsync(new ImageRemoval(stored, isWhole ? [image, other] : [image], isWhole), default);

        (await FindAsync(image))!.Id.Should().NotBe(stored.Id);
        (await FindByIdAsync(stored.Id) is null).Should().Be(isWhole);
    }

    [Test]
    public async Task Remove_OfWhatATagMeantBeforeItMoved_RemovesIt()
    {
        await using var registry = await LocalRegistry.StartAsync();
        var prefix = $"{registry.Address}/team";
        var first = await PublishAsync("latest", prefix);
        var second = await PublishAsync("latest", prefix);
        var dangling = (await FindByIdAsync(first.Id))!;
        dangling.Should().BeEquivalentTo(new { Tags = Array.Empty<string>(), Digests = first.Digests });
        var plan = ImagePruning.Plan([dangling, second], [Deployed(first, 1), Deployed(second, 2)], [], keep: 1);

        (await Store.RemoveAsync(plan.Should().ContainSingle().Which, default)).Should().Be(RemovalEnd.Gone);

        (await FindByIdAsync(first.Id)).Should().BeNull();
        (await FindAsync($"{prefix}/{_service}:latest"))!.Id.Should().Be(second.Id);
    }

    [Test]
    public async Task Remove_OfAnImageThatSomebodyHasBuiltUpon_HarmsNotTheirs()
    {
        var image = await BuildAsync("v1");
        var theirs = await BuildAsync("theirs", from: image);

        (await Store.RemoveAsync(new ImageRemoval((await FindAsync(image))!, [image], IsWhole: true), default)).Should().Be(RemovalEnd.Untagged);

        await UseAsync(theirs);
        (await FindAsync(image)).Should().BeNull();
    }

    [Test]
    public async Task Remove_OfAnImageThatIsGone_IsNoTrouble()
    {
        var image = await BuildAsync("v1");
        var stored = (await FindAsync(image))!;
        await _engine.RemoveImageAsync(image);

        (await Store.RemoveAsync(new ImageRemoval(stored, [image], IsWhole: true), default)).Should().Be(RemovalEnd.Left);
    }

    [Test]
    public async Task Measure_OfImagesThatShareLayers_CountsThoseWithTheLast()
    {
        var shared = await BuildAsync("base", 300_000);
        var one = (await FindAsync(await BuildAsync("v1", 20_000, from: shared)))!.Id;
        var two = (await FindAsync(await BuildAsync("v2", 50_000, from: shared)))!.Id;
        var first = (await FindAsync(shared))!.Id;

        (await Store.MeasureAsync([one, two, first], default)).Should().BeEquivalentTo(
            new Dictionary<string, long> { [one] = 20_000, [two] = 50_000, [first] = 300_000 });
        (await Store.MeasureAsync([first, two], default)).Should().BeEquivalentTo(new Dictionary<string, long> { [first] = 0, [two] = 50_000 });
        (await Store.MeasureAsync(["sha256:none"], default)).Should().BeEmpty();
    }

    [Test]
    public async Task EveryOperation_WhileTheEngineIsAway_SaysSo()
    {
        await using var services = DockerScene.Connect(new DockerOptions(new Uri("unix:///nowhere/docker.sock")));
        var store = services.GetRequiredService<IImageStore>();

        await store.Invoking(it => it.ListAsync(default)).Should().ThrowAsync<FleetUnavailableException>();
        await store.Invoking(it => it.MeasureAsync(["x"], default)).Should().ThrowAsync<FleetUnavailableException>();
        await store.Invoking(it => it.RemoveAsync(new ImageRemoval(new StoredImage("x"), [], IsWhole: true), default)).Should().ThrowAsync<FleetUnavailableException>();
    }

    private static DeployedImage Deployed(StoredImage image, int minute) => new(
        Domain.Names.ServiceName.Parse("web"), new NamedImage(image.Tags.Single(), image.Id))
    {
        SucceededAt = DateTimeOffset.UnixEpoch.AddMinutes(minute),
    };

    /// <summary>Builds an image with a layer of so many bytes, unlike any other.</summary>
    private Task<string> BuildAsync(string version, int size = 10, string from = "scratch", string prefix = TestEngine.Prefix) =>
        _engine.BuildUponAsync(from, size, _service, version, prefix);

    /// <summary>Builds an image, pushes it, and pulls it as though it had never been here.</summary>
    private async Task<StoredImage> PublishAsync(string version, string prefix)
    {
        var image = await BuildAsync(version, prefix: prefix);
        await _engine.PushAsync(image);
        return (await FindAsync(image))!;
    }

    private async Task<string> TagAsync(string image, string prefix, string tag)
    {
        var name = $"{prefix}/{_service}";
        await _engine.Client.Images.TagImageAsync(image, new ImageTagParameters { RepositoryName = name, Tag = tag });
        _engine.Own($"{name}:{tag}");
        return $"{name}:{tag}";
    }

    /// <summary>Makes a container that never runs, as somebody else.</summary>
    private Task<string> UseAsync(string image) => _engine.CreateAsync(new CreateContainerParameters { Image = image });

    private async Task<StoredImage?> FindAsync(string name) => (await Store.ListAsync(default)).SingleOrDefault(image => image.Tags.Contains(name));

    private async Task<StoredImage?> FindByIdAsync(string id) => (await Store.ListAsync(default)).SingleOrDefault(image => image.Id == id);
}
