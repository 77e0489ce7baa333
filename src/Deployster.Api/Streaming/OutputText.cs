using System.Globalization;
using System.Text;
using Deployster.Application.Output;
using Deployster.Domain.Tasks;

namespace Deployster.Api.Streaming;

/// <summary>Output byte for byte, then an empty line and how the task ended.</summary>
internal sealed class OutputText : IOutputFormat
{
    private bool _isWithinLine;

    // Its bytes are what the task makes of them, but for most it is this.
    public string ContentType => "text/plain; charset=utf-8";

    public void Write(TrailedBody body, OutputChunk chunk)
    {
        if (chunk.MissingBefore > 0)
        {
            WriteText(body, string.Create(CultureInfo.InvariantCulture, $"[{chunk.MissingBefore} bytes before are not kept.]\n"));
        }

        body.Write(chunk.Bytes.Span);
        _isWithinLine = chunk.Bytes.Span[^1] != '\n';
    }

    public void WriteEnd(TrailedBody body, TaskEnd end) => WriteText(body, $"{(_isWithinLine ? "\n" : "")}\n{end}\n");

    private static void WriteText(TrailedBody body, string text) => body.Write(Encoding.UTF8.GetBytes(text));
}
