namespace Deployster.Application.Output;

/// <summary>A piece of output. Its bytes are valid until the next piece is asked for.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Bytes">The bytes.</param>
/// <param name="MissingBefore">How many bytes that came just before were not kept.</param>
/// <param name="HasMore">Whether the next piece is there already.</param>
public readonly record struct OutputChunk(
    OutputSource Source, ReadOnlyMemory<byte> Bytes, long MissingBefore = 0, bool HasMore = false);
