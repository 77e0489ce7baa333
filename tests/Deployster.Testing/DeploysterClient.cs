using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Deployster.Testing;

/// <summary>Talks to Deployster's API, logged in, in JSON as it is on the wire.</summary>
public sealed class DeploysterClient : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
    };

    /// <summary>Makes a client for a server at <paramref name="address"/>; over HTTPS it trusts only <paramref name="certificate"/>.</summary>
    public DeploysterClient(Uri address, string username, string password, X509Certificate2? certificate = null)
    {
        // A connection that has idled through a kill of the server would fail the next request.
        Http = new HttpClient(new SocketsHttpHandler
        {
            PooledConnectionIdleTimeout = TimeSpan.FromMilliseconds(1),
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Equals(certificate) == true },
        })
        {
            BaseAddress = address,
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue(
                    "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))),
            },
        };
    }

    /// <summary>The client beneath, for whatever has no method here.</summary>
    public HttpClient Http { get; }

    /// <summary>Whether the server answers with a 2xx status there.</summary>
    public async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using var response = await Http.GetAsync(path);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Reads a resource.</summary>
    /// <exception cref="HttpRequestException">The status is not 2xx; the message has the body.</exception>
    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Posts <paramref name="body"/>, its properties in snake_case.</summary>
    /// <exception cref="HttpRequestException">The status is not 2xx; the message has the body.</exception>
    public Task<JsonElement> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    /// <summary>Puts <paramref name="body"/>, its properties in snake_case.</summary>
    /// <exception cref="HttpRequestException">The status is not 2xx; the message has the body.</exception>
    public Task<JsonElement> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    /// <summary>Deletes a resource.</summary>
    /// <exception cref="HttpRequestException">The status is not 2xx; the message has the body.</exception>
    public Task<JsonElement> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Deploys a version: <c>DeployAsync("hello", new { Version = "v1", DestroyPrevious = true })</c>.</summary>
    /// <exception cref="HttpRequestException">The status is not 2xx; the message has the body.</exception>
    public Task<JsonElement> DeployAsync(string service, object deploy) =>
        PostAsync($"/v1/services/{service}/deploys", new { Deploy = deploy });

    /// <summary>Waits until the rollout of a service's version has ended.</summary>
    /// <returns>The deploy as it is then.</returns>
    /// <exception cref="TimeoutException">It has not ended within <paramref name="limit"/> (3 min by default).</exception>
    public async Task<JsonElement> WaitForEndAsync(string service, string version, TimeSpan? limit = null)
    {
        using var timeout = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(3));
        while (true)
        {
            var deploy = await GetAsync($"/v1/services/{service}/deploys/{version}");
            if (deploy.GetProperty("status").GetString() != "in_progress")
            {
                return deploy;
            }

            if (timeout.IsCancellationRequested)
            {
                throw new TimeoutException($"The rollout has not ended: {deploy}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Waits until the canary of a service's version waits to be promoted.</summary>
    /// <returns>The deploy as it is then.</returns>
    /// <exception cref="TimeoutException">It does not.</exception>
    public Task<JsonElement> WaitForCanaryAsync(string service, string version) => WaitFor.ValueAsync(
        () => GetAsync($"/v1/services/{service}/deploys/{version}"),
        deploy => deploy.GetProperty("canary") is { ValueKind: JsonValueKind.Object } canary && canary.GetProperty("waiting").GetBoolean(),
        $"a canary of {service}:{version}");

    /// <inheritdoc />
    public void Dispose() => Http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body, options: s_json),
        };
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{method} {path}: {(int)response.StatusCode} {text}", null, response.StatusCode);
        }

        return text.Length == 0 ? default : JsonElement.Parse(text);
    }
}
