using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Deployster.Application.Fleet;
using Docker.DotNet;
using Docker.DotNet.Models;
using Docker.DotNet.NativeHttp;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>
/// The Docker Engine. Every call to it has a limit; one that it does not answer, or not as an engine does, ends in
/// <see cref="FleetUnavailableException"/>, one that it refuses in <see cref="DockerApiException"/>.
/// </summary>
internal sealed class DockerEngine : IDisposable
{
    /// <summary>How long the engine may work to make, start or remove a container.</summary>
    public static readonly TimeSpan WorkLimit = TimeSpan.FromMinutes(2);

    private readonly DockerOptions _options;
    private readonly DockerClient _client;
    private readonly HttpClient _http;

    public DockerEngine(DockerOptions options)
    {
        _options = options;
        _client = Connect(options.Address);
        _http = EngineHttp.Connect(options.Address);
    }

    /// <summary>Where the engine is, as the user wrote it.</summary>
    public string Address => _options.Address.OriginalString;

    /// <summary>Asks the engine something that it answers at once. It refuses only what it does not have.</summary>
    public async Task<T> AskAsync<T>(Func<IDockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(call, _options.AnswerLimit, cancellationToken);
        }
        catch (DockerApiException e) when (e.StatusCode != HttpStatusCode.NotFound)
        {
            throw new FleetUnavailableException(Address, EngineMessage.Of(e), e);
        }
    }

    /// <summary>Lists the containers for which a filter holds, whether they run or not.</summary>
    /// <param name="filter">The filter's name: <c>label</c>, <c>network</c>.</param>
    /// <param name="value">What it asks for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<IList<ContainerListResponse>> ListContainersAsync(string filter, string value, CancellationToken cancellationToken)
    {
        var parameters = new ContainersListParameters
        {
            All = true,
            Filters = new Dictionary<string, IDictionary<string, bool>> { [filter] = new Dictionary<string, bool> { [value] = true } },
        };
        return AskAsync((client, token) => client.Containers.ListContainersAsync(parameters, token), cancellationToken);
    }

    /// <summary>Has the engine do something.</summary>
    public Task DoAsync(Func<IDockerClient, CancellationToken, Task> call, TimeSpan limit, CancellationToken cancellationToken) =>
        CallAsync(
            async (client, limited) =>
            {
                await call(client, limited);
                return true;
            },
            limit,
            cancellationToken);

    /// <summary>Calls the engine.</summary>
    /// <param name="call">The call.</param>
    /// <param name="limit">How long it may take; <see cref="Timeout.InfiniteTimeSpan"/> for what takes as long as it takes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<T> CallAsync<T>(
        Func<IDockerClient, CancellationToken, Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(limit);
        try
        {
            return await call(_client, limited.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FleetUnavailableException(Address, $"no answer within {limit.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new FleetUnavailableException(Address, Explain(e), e);
        }
        catch (JsonException e)
        {
            throw new FleetUnavailableException(Address, "it answered, but not as an engine does", e);
        }
    }

    /// <summary>Opens an answer that is read as it comes: a log, or the events. Whoever reads it disposes of it.</summary>
    /// <param name="path">What is asked for, with its query: <c>events?since=1</c>.</param>
    /// <param name="limit">How long the answer may take to begin.</param>
    /// <param name="cancellationToken">Ends the wait for its beginning.</param>
    public Task<Stream> OpenAsync(string path, TimeSpan limit, CancellationToken cancellationToken) => CallAsync(
        async (_, token) =>
        {
            var response = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, token);
            if (response.IsSuccessStatusCode)
            {
                return await response.Content.ReadAsStreamAsync(token);
            }

            using (response)
            {
                throw new DockerApiException(response.StatusCode, await response.Content.ReadAsStringAsync(token));
            }
        },
        limit,
        cancellationToken);

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private static string Explain(Exception exception) =>
        exception switch
        {
            IOException { InnerException: SocketException } => exception.Message,
            { InnerException: { } inner } => Explain(inner),
            _ => exception.Message,
        };

    private static DockerClient Connect(Uri address)
    {
        var isSocket = address.Scheme == "unix";
        var transport = new NativeHttpTransportOptions
        {
            ConfigureHandler = handler =>
            {
                handler.UseProxy = false;
                if (isSocket)
                {
                    handler.ConnectCallback = (_, cancellationToken) => UnixSocket.ConnectAsync(address.LocalPath, cancellationToken);
                }
            },
        };
        return new DockerClientBuilder()
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .WithTransportOptions(transport)
            .WithEndpoint(isSocket ? new Uri("http://docker") : address)
            .Build();
    }
}
