using Deployster.Application.History;
using Deployster.Domain.Images;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>Which images deploys had, as the history tells.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeployedImagesTests : IDisposable
{
    private readonly HistoryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task ListImagesAsync_OfManyDeploys_GivesEachImageOfEachServiceOnce()
    {
        var history = _folder.Open().History;
        await history.SaveAsync(WithId(Records.Deploy(1), "sha256:1"), [], default);
        await history.SaveAsync(WithId(Records.Deploy(2), "sha256:2"), [], default);
        await history.SaveAsync(Again(WithId(Records.Deploy(1), "sha256:1"), 3), [], default);
        await history.SaveAsync(Again(WithId(Records.Deploy(1), "sha256:4"), 4) with { Status = DeployStatus.Failed }, [], default);
        await history.SaveAsync(Again(WithId(Records.Deploy(2), "sha256:2"), 5) with { Status = DeployStatus.RolledBack }, [], default);
        await history.SaveAsync(Records.Deploy(6, status: DeployStatus.InProgress), [], default);
        await history.SaveAsync(WithId(Records.Deploy(1, "worker"), "sha256:1") with { UnitCount = 2 }, [], default);
        await history.SaveAsync(Records.Full(), [], default);

        (await history.ListImagesAsync(default)).Should().BeEquivalentTo(
        [
            Image("railsapp:v1", "sha256:1") with { SucceededAt = Records.Noon.AddMinutes(3) },
            Image("railsapp:v2", "sha256:2") with { SucceededAt = Records.Noon.AddMinutes(2) },
            Image("railsapp:v1", "sha256:4"),
            Image("railsapp:v6", null) with { IsWanted = true },
            Image("worker:v1", "sha256:1") with { Service = ServiceName.Parse("worker"), SucceededAt = Records.Noon.AddMinutes(1), IsWanted = true },
            new DeployedImage(Records.Service, new NamedImage(Records.Full().Intention.Image, null)),
        ]);
    }

    [Test]
    public async Task ListImagesAsync_OfARecordThatCannotBeRead_PassesItOver()
    {
        var history = _folder.Open().History;
        await history.SaveAsync(Records.Deploy(1), [], default);
        await history.SaveAsync(Records.Deploy(2), [], default);
        await history.SaveAsync(Records.Deploy(3), [], default);
        _folder.Connect(
            "UPDATE Deploys SET Intention = 'Image=nonsense' WHERE Version = 'v2'",
            "UPDATE Deploys SET Intention = 'Image=nonsense' || char(10) || 'RequestedAt=now' WHERE Version = 'v3'");

        (await history.ListImagesAsync(default)).Should().ContainSingle().Which.Image.Name.Should().Be("mycompany/railsapp:v1");
    }

    private static DeployRecord WithId(DeployRecord record, string id) => record with { Intention = record.Intention with { ImageId = id } };

    // Another deploy of the same version.
    private static DeployRecord Again(DeployRecord record, int minute) => record with
    {
        DeployId = record.DeployId with { Timestamp = DeployTimestamp.At(Records.Noon.AddMinutes(minute)) },
        Intention = record.Intention with { RequestedAt = Records.Noon.AddMinutes(minute) },
    };

    private static DeployedImage Image(string name, string? id) => new(Records.Service, new NamedImage($"mycompany/{name}", id));
}
