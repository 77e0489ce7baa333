using System.Runtime.CompilerServices;
using Deployster.Application.Output;

namespace Deployster.Application.Tasks;

/// <summary>Stands for the output of a task whose kept output cannot be opened: nothing is kept, and nothing can be read.</summary>
/// <param name="cause">Why it cannot be opened.</param>
internal sealed class LostOutput(string cause) : ITaskOutput
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Cause => cause;

    public bool IsCut => false;

    public long LengthOf(OutputSource source) => 0;

    public void Write(OutputSource source, ReadOnlyMemory<byte> bytes) => throw new IOException(cause);

    public IKeptOutput Follow() => new Follower(_end.Task);

    public void Dispose() => _end.TrySetResult();

    private sealed class Follower(Task end) : IKeptOutput
    {
        public async IAsyncEnumerable<OutputChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await end.WaitAsync(cancellationToken);
            yield break;
        }

        public void Dispose()
        {
        }
    }
}
