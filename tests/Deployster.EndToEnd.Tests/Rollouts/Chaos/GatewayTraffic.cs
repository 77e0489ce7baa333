using System.Collections.Concurrent;
using System.Net;
using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>
/// Requests to services through the gateway, all the time. Some fail, because gateway, engine and units go away; but none
/// may be answered by another service.
/// </summary>
internal sealed class GatewayTraffic : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client;
    private readonly ConcurrentBag<string> _foreign = [];
    private readonly ConcurrentDictionary<string, string> _last = new();
    private readonly Task _loops;
    private int _answers;

    private GatewayTraffic(IPEndPoint gateway, IReadOnlyList<string> services)
    {
        _client = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1) })
        {
            BaseAddress = new Uri($"http://{gateway}"),
            Timeout = TimeSpan.FromSeconds(5),
        };
        _loops = Task.WhenAll(services.Select(service => Task.Run(() => AskAsync(service))));
    }

    /// <summary>Answers of another service than the one that was asked.</summary>
    public IReadOnlyCollection<string> Foreign => _foreign;

    /// <summary>How many answers there were.</summary>
    public int Answers => _answers;

    public static GatewayTraffic Start(IPEndPoint gateway, IReadOnlyList<string> services) => new(gateway, services);

    /// <summary>Waits until a service's requests are answered by a version.</summary>
    public async Task WaitForAsync(string service, string version)
    {
        _last.TryRemove(service, out _);
        await WaitFor.ValueAsync(
            () => Task.FromResult(_last.GetValueOrDefault(service)),
            answer => answer == $"{service}/{version}",
            $"{service}:{version} answers through the gateway",
            TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loops;
        _client.Dispose();
        _end.Dispose();
    }

    private async Task AskAsync(string service)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = $"{service}.localhost" } };
                using var response = await _client.SendAsync(request, _end.Token);
                if (response.IsSuccessStatusCode)
                {
                    Note(service, await response.Content.ReadAsStringAsync(_end.Token));
                }

                await Task.Delay(s_pause, _end.Token);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // The gateway is away, or the unit; or it is the end.
                await Task.Delay(s_pause);
            }
        }
    }

    // As the sample's page has it: version SERVICE/VERSION on HOST.
    private void Note(string service, string text)
    {
        var answer = text.Split(' ') is [_, var told, ..] ? told : text;
        Interlocked.Increment(ref _answers);
        _last[service] = answer;
        if (!answer.StartsWith($"{service}/", StringComparison.Ordinal))
        {
            _foreign.Add($"{service} was answered: {text}");
        }
    }
}
