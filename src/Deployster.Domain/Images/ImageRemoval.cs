using System.Collections.Immutable;

namespace Deployster.Domain.Images;

/// <summary>What is to be removed of an image.</summary>
/// <param name="Image">The image.</param>
/// <param name="Tags">The names that go.</param>
/// <param name="IsWhole">Whether the image goes; false where names of somebody else's stay.</param>
public sealed record ImageRemoval(StoredImage Image, ImmutableArray<string> Tags, bool IsWhole)
{
    /// <summary>What goes, for a reader: the names, or the id of an image that has none.</summary>
    public ImmutableArray<string> Names => Tags.IsEmpty ? [Image.Id] : Tags;
}
