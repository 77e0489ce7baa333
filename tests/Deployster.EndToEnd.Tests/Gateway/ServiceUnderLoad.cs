using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Gateway;

/// <summary>A service of two instances on a real engine, with versions that are good and one that is not.</summary>
internal sealed class ServiceUnderLoad : IAsyncDisposable
{
    // Longer than the slow answers take, and short enough that the WebSocket that is held does not stretch each deploy.
    private const int DrainSeconds = 6;

    private readonly TestEngine _engine = new();
    private readonly CertificateFile _certificate = new("localhost");

    private ServiceUnderLoad() => Name = _engine.NewService();

    public string Name { get; }

    public string Host => $"{Name}.localhost";

    public TestEngine Engine => _engine;

    public static async Task<ServiceUnderLoad> CreateAsync()
    {
        var service = new ServiceUnderLoad();
        await LoadImage.BuildAsync(service._engine, service.Name, "one");
        await LoadImage.BuildAsync(service._engine, service.Name, "two");
        await LoadImage.BuildAsync(service._engine, service.Name, "bad", healthStatus: 500);
        return service;
    }

    /// <summary>Starts Deployster; with <paramref name="gateway"/>, the gateway within it.</summary>
    public Task<DeploysterProcess> StartDeploysterAsync(GatewayAddresses? gateway) => DeploysterProcess.StartAsync(
    [
        "-fleet=docker",
        $"-docker={TestEngine.Endpoint}",
        $"-registry-url={TestEngine.Prefix}",
        $"-drain-timeout={DrainSeconds}",
        .. gateway?.Options(_certificate) ?? ["-gateway-listen="],
    ]);

    /// <summary>Starts a gateway of its own.</summary>
    public Task<GatewayProcess> StartGatewayAsync(GatewayAddresses gateway, Uri api) =>
        GatewayProcess.StartAsync(gateway.Http, api, gateway.Options(_certificate));

    /// <summary>Deploys a version in the place of what runs, and waits for the end; gives the status.</summary>
    public async Task<string?> DeployAsync(DeploysterClient api, string version, int deadline = 120)
    {
        var deploy = await api.DeployAsync(Name, new
        {
            Version = version,
            DestroyPrevious = true,
            InstanceCount = 2,
            HealthCheck = new { Path = "/health" },
            Deadline = deadline,
        });
        return await WaitForEndAsync(api, version, deploy.GetProperty("timestamp").GetString()!);
    }

    /// <summary>Waits until the service answers at a gateway.</summary>
    public async Task WaitForAnswerAsync(GatewayAddresses gateway)
    {
        using var client = new HttpClient { DefaultRequestHeaders = { Host = Host } };
        await WaitFor.TrueAsync(
            async () =>
            {
                try
                {
                    using var answer = await client.GetAsync($"http://{gateway.Http}/");
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"{Host} answers");
    }

    public ValueTask DisposeAsync()
    {
        _certificate.Dispose();
        return _engine.DisposeAsync();
    }

    private async Task<string?> WaitForEndAsync(DeploysterClient api, string version, string timestamp)
    {
        var path = $"/v1/services/{Name}/deploys/{version}?timestamp={timestamp}";
        var ended = await WaitFor.ValueAsync(
            () => api.GetAsync(path),
            deploy => deploy.GetProperty("status").GetString() != "in_progress",
            $"{Name}:{version} ends",
            TimeSpan.FromSeconds(150));
        return ended.GetProperty("status").GetString();
    }
}
