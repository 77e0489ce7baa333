using System.Collections.Concurrent;

namespace Deployster.Application;

/// <summary>When each of several things is tried again: after pauses that grow from one attempt to the next.</summary>
internal sealed class Retries<TKey>(TimeProvider time)
    where TKey : notnull
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<TKey, (TimeSpan After, TimeSpan Pause)> _tried = new();

    /// <summary>Whether it may be tried: it has not been yet, or its pause is over.</summary>
    public bool IsDue(TKey key) => !_tried.TryGetValue(key, out var tried) || time.GetMonotonicTime() >= tried.After;

    /// <summary>Notes an attempt; gives the pause until the next.</summary>
    public TimeSpan Postpone(TKey key)
    {
        var pause = _tried.TryGetValue(key, out var before) ? Backoff.After(before.Pause, s_longest) : s_first;
        _tried[key] = (time.GetMonotonicTime() + pause, pause);
        return pause;
    }

    /// <summary>Forgets the attempts at something that has been done.</summary>
    public void Forget(TKey key) => _tried.TryRemove(key, out _);

    /// <summary>Forgets the attempts at everything else.</summary>
    public void ForgetAllBut(IEnumerable<TKey> keys)
    {
        foreach (var key in _tried.Keys.Except(keys))
        {
            Forget(key);
        }
    }
}
