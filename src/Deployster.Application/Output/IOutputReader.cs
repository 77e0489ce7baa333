using Deployster.Application.Fleet;

namespace Deployster.Application.Output;

/// <summary>What a container writes, as its engine hands it out, byte for byte.</summary>
public interface IOutputReader : IDisposable
{
    /// <summary>
    /// Waits for the next bytes and puts them into <paramref name="buffer"/>.
    /// Gives where they come from and how many there are; null at the end.
    /// </summary>
    /// <exception cref="FleetUnavailableException">The engine went away.</exception>
    ValueTask<(OutputSource Source, int Count)?> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
