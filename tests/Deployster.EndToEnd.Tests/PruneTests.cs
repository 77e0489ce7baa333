using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests;

/// <summary>A service that is deployed again and again, each time with another image.</summary>
public sealed class PruneTests
{
    private const int Deploys = 30;
    private const int Kept = 3;
    private const int Running = 1;
    private const int Size = 100_000;

    [Test]
    public async Task Deploys_OfManyImages_LeaveTheDiskFlat()
    {
        await using var engine = new TestEngine();
        var service = engine.NewService();
        var sample = await engine.BuildAsync(SampleImage.Good, engine.NewService("base"), "v1");
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", $"-keep-images={Kept}", "-drain-timeout=0");
        var sampleSize = (await engine.Client.Images.InspectImageAsync(sample)).Size;
        var (most, mostBytes) = (0, 0L);
        for (var number = 1; number <= Deploys; number++)
        {
            // Every other time the tag is the same and means another image: the one before has no name any more.
            var version = number % 2 == 0 ? "latest" : $"v{number}";
            await engine.BuildUponAsync(sample, Size, service, version);
            await deployster.Api.DeployAsync(service, new { Version = version, DestroyPrevious = true });
            (await deployster.Api.WaitForEndAsync(service, version)).GetProperty("status").GetString().Should().Be("succeeded");

            var built = await engine.BuiltForAsync(service);
            most = Math.Max(most, built.Count);
            mostBytes = Math.Max(mostBytes, built.Sum(image => image.Size - sampleSize));
            await WaitFor.ValueAsync(
                async () => (await engine.BuiltForAsync(service)).Count, count => count == Math.Min(number, Kept), $"after deploy {number} the last images are left");
        }

        most.Should().BeLessThanOrEqualTo(Kept + Running + 1);
        mostBytes.Should().BeLessThanOrEqualTo((Kept + Running + 1) * Size);
        await RollsBackAsync(deployster, service);
        await TellsAndRemovesAsync(deployster, engine, service, sample);
    }

    /// <summary>The image of the deploy before is here, whatever its tag means by now.</summary>
    private static async Task RollsBackAsync(DeploysterProcess deployster, string service)
    {
        var back = await deployster.Api.PostAsync($"/v1/services/{service}/rollback");
        var version = back.GetProperty("version").GetString()!;
        version.Should().Be($"v{Deploys - 1}");
        (await deployster.Api.WaitForEndAsync(service, version)).GetProperty("status").GetString().Should().Be("succeeded");
    }

    /// <summary>What a failed deploy leaves is told of, and goes once it is asked for; an image of somebody else stays.</summary>
    private static async Task TellsAndRemovesAsync(DeploysterProcess deployster, TestEngine engine, string service, string sample)
    {
        var theirs = await engine.BuildUponAsync(sample, Size, service, "never-deployed");
        var bad = await engine.BuildUponAsync(sample, Size, service, "bad");
        await deployster.Api.DeployAsync(service, new { Version = "bad", DestroyPrevious = true, Command = new[] { "false" }, Deadline = 30 });
        (await deployster.Api.WaitForEndAsync(service, "bad")).GetProperty("status").GetString().Should().Be("rolled_back");

        var told = await deployster.Api.PostAsync("/v1/prune?dry_run=true");
        var done = await deployster.Api.PostAsync("/v1/prune");

        told.GetRawText().Should().Be(done.GetRawText()).And.Be($$"""{"images":["{{bad}}"],"containers":[],"freed_bytes":{{Size}}}""");
        (await deployster.Api.PostAsync("/v1/prune")).GetProperty("images").GetArrayLength().Should().Be(0);
        (await engine.BuiltForAsync(service)).SelectMany(image => image.RepoTags ?? []).Should().Contain(theirs).And.NotContain(bad);
    }
}
