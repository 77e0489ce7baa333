namespace Deployster.Infrastructure.Outputs;

/// <summary>Those who read an output, and what is kept for them. Whoever does not move is not waited for.</summary>
internal sealed class OutputCursors(TimeProvider time)
{
    /// <summary>How long a cursor that does not move holds what it has not read.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<OutputCursor> _cursors = [];

    public bool IsEmpty => _cursors.Count == 0;

    public void Add(OutputCursor cursor)
    {
        Touch(cursor);
        _cursors.Add(cursor);
    }

    public void Remove(OutputCursor cursor) => _cursors.Remove(cursor);

    /// <summary>Notes that a cursor moves.</summary>
    public void Touch(OutputCursor cursor) => cursor.MovedAt = time.GetTimestamp();

    /// <summary>Notes that more is about to come: the time to read on begins now for those who have read all.</summary>
    public void NoteUnread(IReadOnlyList<OutputSegment> segments)
    {
        var last = segments is [.., var newest] ? newest : null;
        foreach (var cursor in _cursors.Where(cursor => cursor.Segment == last && cursor.Offset >= (last?.Length ?? 0)))
        {
            Touch(cursor);
        }
    }

    /// <summary>Whether somebody needs the first segment.</summary>
    public bool Hold(OutputSegment first) => _cursors.Exists(cursor =>
        (cursor.Segment is null || cursor.Segment == first) && time.GetElapsedTime(cursor.MovedAt) < Patience);

    /// <summary>The segment to which a cursor has to move; null where it is right where it is, or there is none yet.</summary>
    public static OutputSegment? FindNext(OutputCursor cursor, List<OutputSegment> segments)
    {
        var index = cursor.Segment is null ? -1 : segments.IndexOf(cursor.Segment);

        // Of a segment that is no longer kept the rest is skipped: the first that is kept comes next.
        return index < 0 || cursor.Offset >= segments[index].Length ? segments.ElementAtOrDefault(index + 1) : null;
    }
}
