using System.Text;
using Deployster.Api.Streaming;
using Deployster.Application.Output;
using Deployster.Domain.Tasks;
using Microsoft.AspNetCore.Http;

namespace Deployster.Api.Tests.Streaming;

/// <summary>Output as server-sent events, whatever its bytes are.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OutputEventsTests
{
    private readonly OutputEvents _events = new();

    [Test]
    public async Task Write_WhenTextHasLineBreaksAndQuotes_KeepsItInOneEvent() =>
        (await WriteAsync("a\r\n\"b\"\n"u8.ToArray())).Should().Be("event: stdout\ndata: {\"text\":\"a\\r\\n\\\"b\\\"\\n\"}\n\n");

    [Test]
    public async Task Write_WhenCharacterIsCutBetweenChunks_JoinsIt()
    {
        var bytes = "ü€😀"u8.ToArray();

        var text = await WriteAsync([.. bytes.Select(single => new[] { single })]);

        text.Should().Be("event: stdout\ndata: {\"text\":\"ü\"}\n\nevent: stdout\ndata: {\"text\":\"€\"}\n\nevent: stdout\ndata: {\"text\":\"\\uD83D\\uDE00\"}\n\n");
    }

    [Test]
    public async Task Write_WhenBytesAreNoText_GivesThemInBase64() =>
        (await WriteAsync([0xff, (byte)'a'])).Should().Be("event: stdout\ndata: {\"base64\":\"/2E=\"}\n\n");

    [Test]
    public async Task WriteEnd_WhenCharacterIsNeverFinished_GivesItsBytesBeforeTheExit()
    {
        await WriteAsync([0xe2, 0x82]);

        (await WriteEndAsync(TaskEnd.Exited(0))).Should().Be(
            "event: stdout\ndata: {\"base64\":\"4oI=\"}\n\nevent: exit\ndata: {\"exit_code\":0,\"status\":\"succeeded\",\"message\":null}\n\n");
    }

    [Test]
    public async Task Write_WhenBytesBeforeAreMissing_TellsHowMany()
    {
        var text = await SendAsync(body => _events.Write(body, new OutputChunk(OutputSource.Stderr, "x"u8.ToArray(), MissingBefore: 7)));

        text.Should().Be("event: cut\ndata: {\"bytes\":7}\n\nevent: stderr\ndata: {\"text\":\"x\"}\n\n");
    }

    private Task<string> WriteAsync(params byte[][] chunks) => SendAsync(body =>
    {
        foreach (var chunk in chunks)
        {
            _events.Write(body, new OutputChunk(OutputSource.Stdout, chunk));
        }
    });

    private Task<string> WriteEndAsync(TaskEnd end) => SendAsync(body => _events.WriteEnd(body, end));

    private static async Task<string> SendAsync(Action<TrailedBody> write)
    {
        // Of HTTP/1.0, which has no chunks and no trailers.
        var sent = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Protocol = HttpProtocol.Http10 }, Response = { Body = sent } };
        var body = new TrailedBody(context.Response, "Code");
        write(body);
        await body.SendAsync(default);
        return Encoding.UTF8.GetString(sent.ToArray());
    }
}
