using System.Net;
using System.Text;
using Deployster.Testing;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>A registry that answers every request for a manifest with one status.</summary>
internal sealed class FailingRegistry : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _work;
    private readonly (int Status, string Body) _answer;

    public FailingRegistry(int status, string body)
    {
        _answer = (status, body);
        Address = $"127.0.0.1:{FreePort.Find()}";
        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _work = AnswerAsync();
    }

    /// <summary>Host and port; an image's name begins with it.</summary>
    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _work;
        _listener.Close();
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var (status, body) = context.Request.Url!.AbsolutePath == "/v2/" ? (200, "{}") : _answer;
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                if (context.Request.HttpMethod != "HEAD")
                {
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                }

                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It is stopped.
        }
    }
}
