using System.Text;
using System.Threading.Channels;
using Deployster.Application.Output;

namespace Deployster.Application.Tests.Tasks;

/// <summary>What a container writes, as a test lets it.</summary>
internal sealed class FakeReader : IOutputReader
{
    private readonly Channel<(OutputSource Source, string Text)> _pieces = Channel.CreateUnbounded<(OutputSource, string)>();
    private volatile bool _isWaiting;

    /// <summary>Whether all that was written has been read, and dealt with.</summary>
    public bool IsRead => _pieces.Reader.Count == 0 && _isWaiting;

    public void Write(string text, OutputSource source = OutputSource.Stdout)
    {
        _isWaiting = false;
        _pieces.Writer.TryWrite((source, text));
    }

    public void End(Exception? trouble = null) => _pieces.Writer.TryComplete(trouble);

    public async ValueTask<(OutputSource Source, int Count)?> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _isWaiting = _pieces.Reader.Count == 0;
        try
        {
            var (source, text) = await _pieces.Reader.ReadAsync(cancellationToken);
            return (source, Encoding.UTF8.GetBytes(text, buffer.Span));
        }
        catch (ChannelClosedException e)
        {
            return e.InnerException is null ? null : throw e.InnerException;
        }
    }

    public void Dispose()
    {
    }
}
