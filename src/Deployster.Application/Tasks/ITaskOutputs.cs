using Deployster.Application.Output;
using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>Keeps what tasks write.</summary>
public interface ITaskOutputs
{
    /// <summary>Opens the output of a task that runs, after what is kept of it already.</summary>
    /// <exception cref="IOException">What is kept cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">What is kept must not be read.</exception>
    ITaskOutput Open(TaskId id);

    /// <summary>What is kept of the output of a task that has ended.</summary>
    IKeptOutput Read(TaskId id);

    /// <summary>The tasks of which something is kept.</summary>
    IReadOnlyList<TaskId> List();

    /// <summary>Forgets a task's output.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be removed.</exception>
    void Remove(TaskId id);
}

/// <summary>
/// The output of a task that runs. It can be followed from its beginning, however slowly: all of it is kept until
/// everybody who follows has got it, and of what everybody has, the end. Only for a follower that does not move at all
/// for a minute nothing is kept beyond that: once it reads on, it is told how much it has missed.
/// To dispose of it is to say that nothing more comes.
/// </summary>
public interface ITaskOutput : IDisposable
{
    /// <summary>Whether the beginning is not kept any more.</summary>
    bool IsCut { get; }

    /// <summary>How many bytes of a source are kept.</summary>
    long LengthOf(OutputSource source);

    /// <summary>Appends bytes.</summary>
    /// <exception cref="IOException">They cannot be kept: the disk is full.</exception>
    void Write(OutputSource source, ReadOnlyMemory<byte> bytes);

    /// <summary>What is kept from now on, then what comes, until the output is disposed of.</summary>
    IKeptOutput Follow();
}

/// <summary>An output that somebody reads. It is kept for them while they read on, until they dispose of it.</summary>
public interface IKeptOutput : IDisposable
{
    /// <summary>Reads it to the end, once. Each piece tells how much just before it is no longer kept.</summary>
    IAsyncEnumerable<OutputChunk> ReadAsync(CancellationToken cancellationToken);
}
