using System.Buffers;
using System.Globalization;
using System.Text;
using Deployster.Application.Output;

namespace Deployster.Application.Tasks;

/// <summary>Copies what a container writes to the output that is kept.</summary>
internal static class OutputCopy
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Copies to the end, after skipping so much of each source.</summary>
    /// <returns>How many bytes at the end could not be kept; of those before, a note in the output tells.</returns>
    public static async Task<long> CopyAsync(
        IOutputReader reader, ITaskOutput output, IReadOnlyDictionary<OutputSource, long> skip, CancellationToken cancellationToken)
    {
        var toSkip = new Dictionary<OutputSource, long>(skip);
        var lost = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await reader.ReadAsync(buffer, cancellationToken) is (var source, var count))
            {
                var skipped = (int)Math.Min(count, toSkip.GetValueOrDefault(source));
                toSkip[source] = toSkip.GetValueOrDefault(source) - skipped;
                if (count > skipped && !TryWrite(output, source, buffer.AsMemory(skipped, count - skipped), ref lost))
                {
                    lost += count - skipped;
                }
            }

            return lost;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Marks a place where something is missing.</summary>
    public static void Note(ITaskOutput output, string note) =>
        output.Write(OutputSource.Stderr, Encoding.UTF8.GetBytes($"\n[{note}]\n"));

    // A disk that is full must not stop the task.
    private static bool TryWrite(ITaskOutput output, OutputSource source, ReadOnlyMemory<byte> bytes, ref long lost)
    {
        try
        {
            if (lost > 0)
            {
                Note(output, string.Create(CultureInfo.InvariantCulture, $"{lost} bytes could not be kept."));
                lost = 0;
            }

            output.Write(source, bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
