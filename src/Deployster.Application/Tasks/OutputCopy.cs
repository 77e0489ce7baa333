using System.Buffers;
using System.Globalization;
using System.Text;
using Deployster.Application.Output;

namespace Deployster.Application.Tasks;

/// <summary>
/// Copies what a container writes to the output that is kept, over as many readers as it takes.
/// What cannot be kept does not stop it.
/// </summary>
internal sealed class OutputCopy(ITaskOutput output)
{
    private const int BufferSize = 64 * 1024;
    private const string GapNote = "What the task wrote while Deployster lost sight of it is missing here.";

    // How much of each source has gone by, kept or not.
    private readonly Dictionary<OutputSource, long> _passed =
        Enum.GetValues<OutputSource>().ToDictionary(source => source, output.LengthOf);

    // How many of the last bytes could not be kept.
    private long _lost;
    private bool _isInGap;
    private bool _isGapTold = true;

    /// <summary>What is missing at the end of the output without a note in it; null for nothing.</summary>
    public string? Trouble =>
        output is LostOutput lost ? $"Its output is lost: {lost.Cause}"
        : _lost > 0 ? string.Create(CultureInfo.InvariantCulture, $"The last {_lost} bytes of its output could not be kept.")
        : !_isGapTold ? "What it wrote while Deployster lost sight of it is missing from its output."
        : null;

    /// <summary>Copies to the end what a reader gives from where the last one was.</summary>
    public Task CopyOnAsync(IOutputReader reader, CancellationToken cancellationToken) =>
        CopyAsync(reader, [], cancellationToken);

    /// <summary>Copies to the end what a reader gives from the container's beginning, as far as it has not gone by.</summary>
    public Task CopyRestAsync(IOutputReader reader, CancellationToken cancellationToken) =>
        CopyAsync(reader, new Dictionary<OutputSource, long>(_passed), cancellationToken);

    /// <summary>Copies to the end what a reader gives from somewhere behind where the last one was. A note tells of the gap.</summary>
    public Task CopyAfterGapAsync(IOutputReader reader, CancellationToken cancellationToken)
    {
        if (!_isInGap)
        {
            (_isInGap, _isGapTold) = (true, false);
            TellGap();
        }

        return CopyAsync(reader, [], cancellationToken);
    }

    private async Task CopyAsync(IOutputReader reader, Dictionary<OutputSource, long> skip, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await reader.ReadAsync(buffer, cancellationToken) is (var source, var count))
            {
                _isInGap = false;
                var skipped = (int)Math.Min(count, skip.GetValueOrDefault(source));
                skip[source] = skip.GetValueOrDefault(source) - skipped;
                Keep(source, buffer.AsMemory(skipped, count - skipped));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Keep(OutputSource source, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _passed[source] += bytes.Length;
        if (!TellGap() || !TellLoss() || !TryWrite(source, bytes))
        {
            _lost += bytes.Length;
        }
    }

    private bool TellGap() => _isGapTold = _isGapTold || TryNote(GapNote);

    private bool TellLoss()
    {
        if (_lost > 0 && TryNote(string.Create(CultureInfo.InvariantCulture, $"{_lost} bytes could not be kept.")))
        {
            _lost = 0;
        }

        return _lost == 0;
    }

    private bool TryNote(string note) => TryWrite(OutputSource.Stderr, Encoding.UTF8.GetBytes($"\n[{note}]\n"));

    private bool TryWrite(OutputSource source, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            output.Write(source, bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
