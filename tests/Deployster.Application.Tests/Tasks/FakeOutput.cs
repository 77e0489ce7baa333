using System.Text;
using Deployster.Application.Output;
using Deployster.Application.Tasks;
using NSubstitute;

namespace Deployster.Application.Tests.Tasks;

/// <summary>An output in memory.</summary>
internal sealed class FakeOutput : ITaskOutput
{
    private readonly Dictionary<OutputSource, StringBuilder> _texts = new()
    {
        [OutputSource.Stdout] = new(),
        [OutputSource.Stderr] = new(),
    };

    public bool IsCut { get; set; }

    public bool IsFull { get; set; }

    public string TextOf(OutputSource source = OutputSource.Stdout) => _texts[source].ToString();

    public long LengthOf(OutputSource source) => Encoding.UTF8.GetByteCount(TextOf(source));

    public void Write(OutputSource source, ReadOnlyMemory<byte> bytes) =>
        _texts[source].Append(IsFull ? throw new IOException("No space left on device") : Encoding.UTF8.GetString(bytes.Span));

    public IKeptOutput Follow() => Substitute.For<IKeptOutput>();

    public void Dispose()
    {
    }
}
