using System.Runtime.CompilerServices;
using System.Text;
using Docker.DotNet;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>Reads what a container writes, on both of its streams, line by line.</summary>
internal static class LogLines
{
    /// <summary>The lines in the order of their ends, without control characters.</summary>
    public static async IAsyncEnumerable<string> ReadAsync(
        MultiplexedStream log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var output = new Unfinished();
        var errors = new Unfinished();
        var buffer = new byte[16 * 1024];
        while (await log.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken) is { EOF: false } read)
        {
            var stream = read.Target == MultiplexedStream.TargetStream.StandardError ? errors : output;
            foreach (var line in stream.Add(buffer.AsSpan(0, read.Count)))
            {
                yield return line;
            }
        }

        foreach (var rest in (Unfinished[])[output, errors])
        {
            if (rest.Text.Length > 0)
            {
                yield return EngineMessage.ToLine(rest.Text);
            }
        }
    }

    private sealed class Unfinished
    {
        // Characters may be cut where one read ends.
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

        public string Text { get; private set; } = "";

        public IEnumerable<string> Add(ReadOnlySpan<byte> bytes)
        {
            var chars = new char[_decoder.GetCharCount(bytes, flush: false)];
            _decoder.GetChars(bytes, chars, flush: false);
            var lines = (Text + new string(chars)).Split('\n');
            Text = lines[^1];
            return lines[..^1].Select(EngineMessage.ToLine);
        }
    }
}
