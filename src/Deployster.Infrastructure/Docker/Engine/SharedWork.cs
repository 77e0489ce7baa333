namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>Work that is done once for all who want it at the same time, and stopped when nobody wants it any more.</summary>
internal sealed class SharedWork<TKey, TResult>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Work> _works = [];

    /// <summary>Joins the work for a key, or begins it.</summary>
    public async Task<TResult> JoinAsync(TKey key, Func<CancellationToken, Task<TResult>> begin, CancellationToken cancellationToken)
    {
        Work? work;
        lock (_lock)
        {
            if (!_works.TryGetValue(key, out work))
            {
                work = new Work(begin);
                _works.Add(key, work);
            }

            work.Waiting++;
        }

        try
        {
            return await work.Result.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(key, work);
        }
    }

    private void Leave(TKey key, Work work)
    {
        lock (_lock)
        {
            if (--work.Waiting == 0)
            {
                _works.Remove(key);
                work.Stop.Cancel();
            }
        }
    }

    private sealed class Work
    {
        public Work(Func<CancellationToken, Task<TResult>> begin) => Result = Task.Run(() => begin(Stop.Token), CancellationToken.None);

        public CancellationTokenSource Stop { get; } = new();

        public Task<TResult> Result { get; }

        public int Waiting { get; set; }
    }
}
