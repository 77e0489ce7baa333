using System.Collections.Immutable;
using Deployster.Domain.Specs;

namespace Deployster.Domain.Units;

/// <summary>
/// What a deploy is meant to become. Every unit carries it, so that whoever reads the fleet can carry the deploy on.
/// </summary>
public sealed record Intention
{
    /// <summary>The image with its tag: <c>mycompany/railsapp:7bdae1c</c>.</summary>
    public required string Image { get; init; }

    /// <summary>
    /// The id of the image that the tag meant at the deploy, by which every unit of it runs; null until it is known, and
    /// where each machine pulls the tag by itself.
    /// </summary>
    public string? ImageId { get; init; }

    /// <summary>When the deploy was asked for; its deadline counts from here.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Whether the deploy takes the place of what ran before, or runs beside it.</summary>
    public bool DestroyPrevious { get; init; }

    /// <summary>The deploys whose units are destroyed once this one is healthy.</summary>
    public ImmutableArray<ReplacedDeploy> Replaces { get; init; } = [];

    /// <summary>Whether the spec's release command runs before anything is launched: a deploy that comes back has run it before.</summary>
    public bool RunsRelease { get; init; }

    /// <summary>How its units run.</summary>
    public required DeploySpec Spec { get; init; }

    /// <summary>The moment after which the deploy has failed if it is not healthy, if its release command takes as long as it may.</summary>
    public DateTimeOffset Deadline =>
        (Spec.Deadline + (RunsRelease ? Spec.ReleaseTimeout : TimeSpan.Zero)) is var time && RequestedAt < DateTimeOffset.MaxValue - time
            ? RequestedAt + time
            : DateTimeOffset.MaxValue;

    /// <summary>How many units there were to replace.</summary>
    public long ReplacedUnitCount => Replaces.Sum(replaced => (long)replaced.UnitCount);

    /// <inheritdoc />
    public bool Equals(Intention? other) =>
        other is not null
        && Image == other.Image
        && ImageId == other.ImageId
        && RequestedAt == other.RequestedAt
        && DestroyPrevious == other.DestroyPrevious
        && RunsRelease == other.RunsRelease
        && Replaces.SequenceEqual(other.Replaces)
        && Spec == other.Spec;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Image, RequestedAt, DestroyPrevious, Replaces.Length, Spec);
}
