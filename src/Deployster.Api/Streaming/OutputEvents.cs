using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Deployster.Application.Output;
using Deployster.Domain.Tasks;

namespace Deployster.Api.Streaming;

/// <summary>
/// Output as server-sent events: <c>stdout</c> and <c>stderr</c> with <c>{"text":…}</c>, or <c>{"base64":…}</c> where the
/// bytes are no UTF-8; <c>cut</c> with the number of bytes that are not kept; <c>exit</c>.
/// </summary>
internal sealed class OutputEvents : IOutputFormat
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The beginning of a character whose end comes with the next chunk.
    private readonly Dictionary<OutputSource, byte[]> _begun = [];
    private readonly ArrayBufferWriter<byte> _event = new();

    public string ContentType => "text/event-stream";

    public void Write(TrailedBody body, OutputChunk chunk)
    {
        if (chunk.MissingBefore > 0)
        {
            Write(body, "cut"u8, json => json.WriteNumber("bytes"u8, chunk.MissingBefore));
        }

        byte[] bytes = [.. _begun.GetValueOrDefault(chunk.Source, []), .. chunk.Bytes.Span];
        var whole = bytes.Length - LengthOfBegun(bytes);
        _begun[chunk.Source] = bytes[whole..];
        WriteOutput(body, chunk.Source, bytes.AsMemory(0, whole));
    }

    public void WriteEnd(TrailedBody body, TaskEnd end)
    {
        foreach (var (source, bytes) in _begun)
        {
            WriteOutput(body, source, bytes);
        }

        Write(body, "exit"u8, json =>
        {
            json.WriteNumber("exit_code"u8, end.ExitCode);
            json.WriteString("status"u8, JsonNamingPolicy.SnakeCaseLower.ConvertName(end.Status.ToString()));
            json.WriteString("message"u8, end.Message);
        });
    }

    private void WriteOutput(TrailedBody body, OutputSource source, ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Write(body, source == OutputSource.Stderr ? "stderr"u8 : "stdout"u8, json =>
            {
                if (Utf8.IsValid(bytes.Span))
                {
                    json.WriteString("text"u8, bytes.Span);
                }
                else
                {
                    json.WriteBase64String("base64"u8, bytes.Span);
                }
            });
        }
    }

    private void Write(TrailedBody body, ReadOnlySpan<byte> name, Action<Utf8JsonWriter> data)
    {
        _event.ResetWrittenCount();
        _event.Write("event: "u8);
        _event.Write(name);
        _event.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(_event, s_json))
        {
            json.WriteStartObject();
            data(json);
            json.WriteEndObject();
        }

        _event.Write("\n\n"u8);
        body.Write(_event.WrittenSpan);
    }

    /// <summary>How many bytes at the end begin a character of UTF-8 that has more.</summary>
    private static int LengthOfBegun(ReadOnlySpan<byte> bytes)
    {
        for (var length = 1; length <= Math.Min(3, bytes.Length); length++)
        {
            var first = bytes[^length];
            if ((first & 0b1100_0000) != 0b1000_0000)
            {
                return first switch { >= 0b1111_0000 => 4, >= 0b1110_0000 => 3, >= 0b1100_0000 => 2, _ => 1 } > length ? length : 0;
            }
        }

        return 0;
    }
}
