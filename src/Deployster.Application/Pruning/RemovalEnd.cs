namespace Deployster.Application.Pruning;

/// <summary>How the removal of an image has ended.</summary>
public enum RemovalEnd
{
    /// <summary>Nothing was removed: it is in use by now, or was gone already.</summary>
    Left,

    /// <summary>Names were removed; the image is there, since others need it.</summary>
    Untagged,

    /// <summary>The image was removed.</summary>
    Gone,
}
