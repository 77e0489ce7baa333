using Deployster.Application.Output;
using Deployster.Application.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Deployster.Infrastructure.Outputs;

/// <summary>
/// The output of a task in a folder of segments. Of those that everybody has read the oldest are deleted
/// while more is kept than should be.
/// </summary>
internal sealed class TaskOutput : ITaskOutput
{
    // So that what is kept is never much less than what should be.
    private const int SegmentsKept = 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly long _keep;
    private readonly List<OutputSegment> _segments;
    private readonly List<OutputCursor> _cursors = [];
    private readonly Dictionary<OutputSource, long> _lengths = [];
    private SafeFileHandle? _file;
    private TaskCompletionSource? _change;
    private bool _isComplete;

    private TaskOutput(string folder, long keep)
    {
        (_folder, _keep) = (folder, keep);
        _segments = OutputSegment.Find(folder);
    }

    public bool IsCut
    {
        get
        {
            lock (_lock)
            {
                return _segments is [{ Start: > 0 }, ..];
            }
        }
    }

    /// <summary>Opens an output to be written, after what is there.</summary>
    /// <param name="folder">Its folder; made when something is written.</param>
    /// <param name="keep">How many bytes of what everybody has read are kept.</param>
    public static TaskOutput Open(string folder, long keep)
    {
        var output = new TaskOutput(folder, keep);
        output._segments.ForEach(output.Measure);
        return output;
    }

    /// <summary>Opens an output that nothing more is written to.</summary>
    public static TaskOutput OpenComplete(string folder) => new(folder, long.MaxValue) { _isComplete = true };

    public long LengthOf(OutputSource source)
    {
        lock (_lock)
        {
            return _lengths.GetValueOrDefault(source);
        }
    }

    public void Write(OutputSource source, ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            while (!bytes.IsEmpty)
            {
                var piece = bytes[..Math.Min(bytes.Length, OutputFrames.MaxPayload)];
                Append(source, piece);
                bytes = bytes[piece.Length..];
            }

            Trim();
            TellChange();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isComplete = true;
            _file?.Dispose();
            TellChange();
        }
    }

    public IKeptOutput Follow() => new OutputFollower(this);

    /// <summary>Begins to read: nothing after the cursor is deleted. Gives how many bytes before it have been.</summary>
    public long Enter(OutputCursor cursor)
    {
        lock (_lock)
        {
            _cursors.Add(cursor);
            if (_segments is [var first, ..])
            {
                cursor.MoveTo(first);
            }

            return cursor.Segment?.Start ?? 0;
        }
    }

    /// <summary>Waits until there is something to read at the cursor, which may move to the next segment; 0 at the end.</summary>
    /// <returns>How many bytes of the segment's file there are.</returns>
    public async ValueTask<long> WaitAsync(OutputCursor cursor, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                var available = Look(cursor);
                if (available > 0 || _isComplete)
                {
                    return available;
                }

                change = (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends to read.</summary>
    public void Leave(OutputCursor cursor)
    {
        lock (_lock)
        {
            _cursors.Remove(cursor);
            Trim();
        }
    }

    private long Look(OutputCursor cursor)
    {
        if ((cursor.Segment is null || cursor.Offset >= cursor.Segment.Length) && Next(cursor) is { } next)
        {
            cursor.MoveTo(next);
            Trim();
        }

        return (cursor.Segment?.Length ?? 0) - cursor.Offset;
    }

    private OutputSegment? Next(OutputCursor cursor) =>
        _segments.ElementAtOrDefault(cursor.Segment is null ? 0 : _segments.IndexOf(cursor.Segment) + 1);

    private void Append(OutputSource source, ReadOnlyMemory<byte> bytes)
    {
        if (_segments is not [.., var last] || last.Payload >= _keep / SegmentsKept)
        {
            CreateFolder();
            last = new OutputSegment(_folder, _segments is [.., var before] ? before.End : 0);
            var file = File.OpenHandle(last.Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            _file?.Dispose();
            _file = file;
            _segments.Add(last);
        }

        _file ??= File.OpenHandle(last.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(_file, [OutputFrames.Header(source, bytes.Length), bytes], last.Length);
        last.Length += OutputFrames.HeaderSize + bytes.Length;
        last.Payload += bytes.Length;
        _lengths[source] = _lengths.GetValueOrDefault(source) + bytes.Length;
    }

    // What tasks write may be secret.
    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, OwnerOnly);
        }
    }

    private void Trim()
    {
        while (_segments.Count > 1
            && _segments[^1].End - _segments[0].Start > _keep
            && !_cursors.Exists(cursor => cursor.Segment is null || cursor.Segment == _segments[0]))
        {
            File.Delete(_segments[0].Path);
            _segments.RemoveAt(0);
        }
    }

    private void TellChange()
    {
        _change?.SetResult();
        _change = null;
    }

    /// <summary>Finds out what a segment of before holds; a frame that was not written to its end is written over.</summary>
    private void Measure(OutputSegment segment)
    {
        using var cursor = new OutputCursor();
        cursor.MoveTo(segment);
        var buffer = new byte[OutputFrames.BufferSize];
        var wasRead = true;
        while (wasRead)
        {
            var unread = buffer.AsMemory(0, cursor.Read(buffer));
            wasRead = false;
            while (OutputFrames.ReadRun(unread) is { Length: > 0 } run)
            {
                unread = unread[run.Length..];
                cursor.Advance(run.Length);
                segment.Payload += run.Bytes.Length;
                _lengths[run.Source] = _lengths.GetValueOrDefault(run.Source) + run.Bytes.Length;
                wasRead = true;
            }
        }

        segment.Length = cursor.Offset;
    }
}
