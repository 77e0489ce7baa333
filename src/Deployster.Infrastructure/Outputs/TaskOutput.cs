using Deployster.Application.Output;
using Deployster.Application.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Deployster.Infrastructure.Outputs;

/// <summary>
/// The output of a task in a folder of segments. Of those that everybody has read the oldest are deleted
/// while more is kept than should be. Followers who do not move are not waited for.
/// </summary>
internal sealed class TaskOutput : ITaskOutput
{
    // So that what is kept is never much less than what should be.
    private const int SegmentsKept = 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly long _keep;
    private readonly TimeProvider _time;
    private readonly List<OutputSegment> _segments;
    private readonly OutputCursors _cursors;
    private readonly Dictionary<OutputSource, long> _lengths = [];
    private SafeFileHandle? _file;
    private TaskCompletionSource? _change;
    private bool _isComplete;
    private bool _isTrimmedLater;

    private TaskOutput(string folder, long keep, TimeProvider time)
    {
        (_folder, _keep, _time, _cursors) = (folder, keep, time, new OutputCursors(time));
        _segments = OutputSegment.Find(folder);
    }

    private bool IsTooMuch => _segments.Count > 1 && _segments[^1].End - _segments[0].Start > _keep;

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
    /// <param name="time">The clock that tells how long a follower has not moved.</param>
    public static TaskOutput Open(string folder, long keep, TimeProvider time)
    {
        var output = new TaskOutput(folder, keep, time);
        output._segments.ForEach(segment => segment.Measure(output._lengths));
        return output;
    }

    /// <summary>Opens an output that nothing more is written to.</summary>
    public static TaskOutput OpenComplete(string folder) => new(folder, long.MaxValue, TimeProvider.System) { _isComplete = true };

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
            _cursors.NoteUnread(_segments);
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

    /// <summary>Begins to read: nothing after the cursor is deleted, as long as it moves.</summary>
    public void Enter(OutputCursor cursor)
    {
        lock (_lock)
        {
            _cursors.Add(cursor);
            if (_segments is [var first, ..])
            {
                cursor.MoveTo(first);
            }
        }
    }

    /// <summary>Moves a cursor on in its file.</summary>
    public void Advance(OutputCursor cursor, long length, long payload)
    {
        lock (_lock)
        {
            cursor.Advance(length, payload);
            _cursors.Touch(cursor);
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
        // Whoever reads on holds again what is there.
        _cursors.Touch(cursor);
        if (OutputCursors.FindNext(cursor, _segments) is { } next)
        {
            cursor.MoveTo(next);
            Trim();
        }

        var available = (cursor.Segment?.Length ?? 0) - cursor.Offset;
        if (available > 0)
        {
            cursor.Open();
        }

        return available;
    }

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
        while (IsTooMuch && !_cursors.Hold(_segments[0]) && TryDelete(_segments[0].Path))
        {
            _segments.RemoveAt(0);
        }

        if (IsTooMuch && !_cursors.IsEmpty && !_isTrimmedLater)
        {
            _isTrimmedLater = true;
            _ = TrimLaterAsync();
        }
    }

    // Somebody may stand still while nothing more is written.
    private async Task TrimLaterAsync()
    {
        await Task.Delay(OutputCursors.Patience, _time);
        lock (_lock)
        {
            _isTrimmedLater = false;
            Trim();
        }
    }

    // What cannot be deleted is tried again with the next.
    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void TellChange()
    {
        _change?.SetResult();
        _change = null;
    }
}
