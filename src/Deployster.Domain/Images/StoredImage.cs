using System.Collections.Immutable;

namespace Deployster.Domain.Images;

/// <summary>An image that the machine has.</summary>
/// <param name="Id">Its id.</param>
public sealed record StoredImage(string Id)
{
    /// <summary>Its names with tags, in short form.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Its names with digests, which it has from the registries that it was pulled from.</summary>
    public ImmutableArray<string> Digests { get; init; } = [];

    /// <summary>How many containers are made of it, whoever made them, and whether they run or not.</summary>
    public int Containers { get; init; }

    /// <summary>Whether somebody who means <paramref name="image"/> may mean this one.</summary>
    public bool IsMeantBy(NamedImage image) =>
        image.Id == Id || Tags.Contains(image.Name) || Digests.Contains(image.Name);
}
