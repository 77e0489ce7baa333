namespace Deployster.Domain.Images;

/// <summary>An image that somebody uses or has used.</summary>
/// <param name="Name">Its name, in the short form of <see cref="ImageName.Shorten"/>.</param>
/// <param name="Id">The id that the name meant then; null where that is not known.</param>
public sealed record NamedImage(string Name, string? Id)
{
    /// <summary>An image by a name in whatever form.</summary>
    public static NamedImage Of(string name, string? id) => new(ImageName.Shorten(name), id);
}
