using Deployster.Application.Output;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>What the engine keeps of a log in one piece: a line, or a part of one that is long.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Time">When it was written, as the engine writes it.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record LogEntry(OutputSource Source, string Time, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Whether its line ends with it.</summary>
    public bool EndsLine => Bytes.Span is [.., (byte)'\n'];
}
