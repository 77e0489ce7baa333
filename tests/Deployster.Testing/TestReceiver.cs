using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Net;
using System.Text.Json;

namespace Deployster.Testing;

/// <summary>A receiver of webhooks that answers as a test says, and can be down.</summary>
public sealed class TestReceiver : IDisposable
{
    private readonly int _port = FreePort.Find();
    private HttpListener? _listener;

    /// <summary>Makes one that is up.</summary>
    public TestReceiver() => GoUp();

    /// <summary>A request that came.</summary>
    public sealed record Received(string Method, string Path, NameValueCollection Headers, byte[] Body)
    {
        /// <summary>Its body.</summary>
        public JsonElement Json => JsonElement.Parse(Body);
    }

    /// <summary>A URL of it, with a path that is secret.</summary>
    public Uri Url => new($"http://127.0.0.1:{_port}/hooks/s3cret?token=t0ken");

    /// <summary>All that has come, whatever was answered.</summary>
    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>How it answers; with 200 at once unless a test says otherwise.</summary>
    public Func<Received, HttpListenerResponse, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Answers with a status from now on.</summary>
    public void AnswerWith(int status, string? header = null, string value = "") => Answer = (_, response) =>
    {
        response.StatusCode = status;
        if (header is not null)
        {
            response.Headers[header] = value;
        }

        return Task.CompletedTask;
    };

    /// <summary>Listens no more.</summary>
    public void GoDown()
    {
        ((IDisposable?)_listener)?.Dispose();
        _listener = null;
    }

    /// <summary>Listens again, at the same port.</summary>
    public void GoUp()
    {
        _listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{_port}/" } };
        _listener.Start();
        _ = ListenAsync(_listener);
    }

    /// <inheritdoc />
    public void Dispose() => GoDown();

    private async Task ListenAsync(HttpListener listener)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.GetContextAsync());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It is down.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var received = new Received(context.Request.HttpMethod, context.Request.RawUrl!, context.Request.Headers, body.ToArray());
            Requests.Enqueue(received);
            await Answer(received, context.Response);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // It is down, or nobody waits for the answer.
        }
    }
}
