using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway.Standalone;

/// <summary>The routes that an API tells. While it does not answer there is none that is new, and it is asked again and again.</summary>
internal sealed partial class ApiRoutes : IRouteSource, IDisposable
{
    // A gateway must be back before an API that has just started stops to wait for those that it cannot know of.
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    // One that logs in wrongly again and again would be taken for somebody who guesses.
    private static readonly TimeSpan s_pauseWhenRefused = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(1);

    // The API repeats the table more often than this.
    private static readonly TimeSpan s_deadAfter = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly string _name;
    private readonly string _username;
    private readonly TimeProvider _time;
    private readonly ILogger<ApiRoutes> _logger;
    private bool _isAway;
    private bool _isRefused;

    public ApiRoutes(StandaloneOptions options, TimeProvider time, ILogger<ApiRoutes> logger)
    {
        (_name, _username, _time, _logger) = (Uri.EscapeDataString(options.Name), options.Username, time, logger);
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{options.Password}"));
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = s_connectTimeout,
            SslOptions = options.Authorities is null ? new SslClientAuthenticationOptions() : Trusting(options.Authorities),
        })
        {
            BaseAddress = options.Api,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", login) },
        };
    }

    public async IAsyncEnumerable<RoutingTable> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pause = s_shortestPause;
        while (true)
        {
            await using var tables = ConnectAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await TryMoveAsync(tables, cancellationToken))
            {
                pause = s_shortestPause;
                yield return tables.Current;
            }

            await Task.Delay(_isRefused ? s_pauseWhenRefused : pause, _time, cancellationToken);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    public async Task TellDrainedAsync(UnitName unit, long version, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_deadAfter, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var answer = await _http.PostAsJsonAsync(
            $"/v1/routes/{_name}/drained", new DrainedBody(unit.ToString(), version), RoutesJson.Options, either.Token);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private static SslClientAuthenticationOptions Trusting(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private async Task<bool> TryMoveAsync(IAsyncEnumerator<RoutingTable> tables, CancellationToken cancellationToken)
    {
        try
        {
            return await tables.MoveNextAsync();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsTrouble(e))
        {
            var isRefused = e is HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden };
            if (isRefused && !_isRefused)
            {
                LogRefused(_http.BaseAddress!, _username, e.Message);
            }
            else if (!isRefused && !_isAway)
            {
                LogAway(_http.BaseAddress!, e.Message);
            }

            (_isAway, _isRefused) = (true, isRefused);

            return false;
        }
    }

    private static bool IsTrouble(Exception e) =>
        e is HttpRequestException or IOException or OperationCanceledException or JsonException or FormatException;

    private async IAsyncEnumerable<RoutingTable> ConnectAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_deadAfter, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var answer = await _http.GetAsync(
            $"/v1/routes?gateway={_name}", HttpCompletionOption.ResponseHeadersRead, either.Token);
        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusalAsync(answer, either.Token);
        }

        await using var stream = await answer.Content.ReadAsStreamAsync(either.Token);
        (_isAway, _isRefused) = (false, false);
        LogFollowing(_http.BaseAddress!);
        var items = SseParser.Create(
            stream, (_, data) => JsonSerializer.Deserialize<RoutesDocument>(data, RoutesJson.Options)!);
        await foreach (var item in items.EnumerateAsync(either.Token))
        {
            limit.CancelAfter(s_deadAfter);
            yield return item.Data.Read();
        }
    }

    // The API tells why in a problem; whatever stands between may answer anything.
    private static async Task<HttpRequestException> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        string? detail = null;
        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            var problem = await answer.Content.ReadFromJsonAsync<ProblemBody>(RoutesJson.Options, cancellationToken);
            detail = problem?.Detail;
        }

        return new HttpRequestException(
            detail ?? $"It answers {(int)answer.StatusCode} ({answer.ReasonPhrase}).", null, answer.StatusCode);
    }

    [LoggerMessage(LogLevel.Information, "Following {Api}")]
    private partial void LogFollowing(Uri api);

    [LoggerMessage(LogLevel.Warning, "Going on with the routes as they are: {Api}: {Cause}")]
    private partial void LogAway(Uri api, string cause);

    [LoggerMessage(LogLevel.Error, "Going on with the routes as they are: {Api} refuses the user {User}: {Cause}")]
    private partial void LogRefused(Uri api, string user, string cause);

    private sealed record ProblemBody(string? Detail = null);
}
