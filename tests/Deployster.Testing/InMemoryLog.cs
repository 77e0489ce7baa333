using System.Threading.Channels;
using Deployster.Application.Output;
using Deployster.Domain.Names;

namespace Deployster.Testing;

/// <summary>What a unit in memory has written. A follower waits until the unit is destroyed.</summary>
internal sealed class InMemoryLog(
    InMemoryUnits units, UnitName unit, ReadOnlyMemory<byte> text, bool follow, Channel<UnitName> changes) : IOutputReader
{
    private int _read;

    public async ValueTask<(OutputSource Source, int Count)?> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_read == text.Length)
        {
            while (follow && units.Find(unit) is not null)
            {
                await changes.Reader.ReadAsync(cancellationToken);
            }

            return null;
        }

        var count = Math.Min(buffer.Length, text.Length - _read);
        text.Slice(_read, count).CopyTo(buffer);
        _read += count;
        return (OutputSource.Stdout, count);
    }

    public void Dispose() => units.Leave(changes);
}
