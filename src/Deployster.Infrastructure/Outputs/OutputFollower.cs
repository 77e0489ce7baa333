using System.Buffers;
using System.Runtime.CompilerServices;
using Deployster.Application.Output;
using Deployster.Application.Tasks;

namespace Deployster.Infrastructure.Outputs;

/// <summary>Reads an output from its beginning as it was when the follower was made.</summary>
internal sealed class OutputFollower : IKeptOutput
{
    private readonly TaskOutput _output;
    private readonly OutputCursor _cursor = new();

    public OutputFollower(TaskOutput output)
    {
        _output = output;
        output.Enter(_cursor);
    }

    public async IAsyncEnumerable<OutputChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(OutputFrames.BufferSize);
        try
        {
            while (await _output.WaitAsync(_cursor, cancellationToken) is > 0 and var available)
            {
                var rest = buffer.AsMemory(0, _cursor.Read(buffer.AsMemory(0, (int)Math.Min(buffer.Length, available))));
                while (OutputFrames.ReadRun(rest) is { Length: > 0 } run)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    (rest, available) = (rest[run.Length..], available - run.Length);
                    _output.Advance(_cursor, run.Length, run.Bytes.Length);
                    yield return new OutputChunk(run.Source, run.Bytes, _cursor.TakeMissing(), HasMore: available > 0);
                }

                if (rest.Length == available)
                {
                    // Nothing of it was a frame, or only what a kill has left of one.
                    _output.Advance(_cursor, available, payload: 0);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        _output.Leave(_cursor);
        _cursor.Dispose();
    }
}
