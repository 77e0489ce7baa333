using Deployster.Application.Pruning;
using Deployster.Domain.Images;

namespace Deployster.Application.Tests.Pruning;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ImageClaimsTests
{
    private static readonly StoredImage s_image = new("1") { Tags = ["mycompany/railsapp:v1"] };

    private readonly ImageClaims _claims = new();

    [TestCase("docker.io/mycompany/railsapp:v1", null)]
    [TestCase("mycompany/railsapp:latest", "1")]
    public async Task TryBeginRemoval_WhileSomebodyClaimsTheImage_IsNotAllowed(string name, string? id)
    {
        using (await _claims.ClaimAsync(name, id, default))
        using (await _claims.ClaimAsync(name, id, default))
        {
            _claims.TryBeginRemoval(s_image).Should().BeNull();
        }

        _claims.TryBeginRemoval(s_image).Should().NotBeNull();
    }

    [Test]
    public async Task ClaimAsync_WhileTheImageIsBeingRemoved_WaitsForTheEndOfThat()
    {
        var removal = _claims.TryBeginRemoval(s_image)!;
        using var other = await _claims.ClaimAsync("mycompany/railsapp:v2", null, default);

        var claim = _claims.ClaimAsync("mycompany/railsapp:v1", null, default);
        claim.IsCompleted.Should().BeFalse();

        removal.Dispose();
        using var claimed = await claim;
        _claims.TryBeginRemoval(s_image).Should().BeNull();
    }

    [Test]
    public async Task ClaimAsync_WhenTheClientGoesAway_LeavesNoClaim()
    {
        using var client = new CancellationTokenSource();
        var removal = _claims.TryBeginRemoval(s_image)!;
        var claim = _claims.ClaimAsync("mycompany/railsapp:v1", null, client.Token);

        await client.CancelAsync();

        await claim.Invoking(it => it).Should().ThrowAsync<OperationCanceledException>();
        removal.Dispose();
        _claims.TryBeginRemoval(s_image).Should().NotBeNull();
    }
}
