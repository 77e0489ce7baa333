using Deployster.Application.Fleet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Refit;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Registers the Fleet cluster as the fleet.</summary>
public static class FleetClusterRegistration
{
    /// <summary>Adds <see cref="IFleetClient"/> for a Fleet cluster.</summary>
    public static IServiceCollection AddFleetCluster(this IServiceCollection services, FleetClusterOptions options)
    {
        var api = services
            .AddRefitGeneratedClient<IFleetApi>(FleetJson.Default)
            .ConfigureHttpClient(client =>
            {
                client.BaseAddress = FleetConnection.BaseAddressOf(options.Address);
                client.Timeout = Timeout.InfiniteTimeSpan;
            })
            .ConfigurePrimaryHttpMessageHandler(() => FleetConnection.CreateHandler(options.Address))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        api.AddResilienceHandler("fleet", pipeline => Configure(pipeline, options.Timing));
        api.AddHttpMessageHandler(() => new BufferingHandler());

        var unitFile = new UnitFile(options.UnitTemplate, options.PullAlways);
        return services
            .AddSingleton<IFleetClient>(provider => new FleetCluster(
                provider.GetRequiredService<IFleetApi>(), unitFile, options.Address));
    }

    // The breaker stands before the retries: it opens when whole requests fail, not in a moment of trouble.
    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, FleetTiming timing) => pipeline
        .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
        {
            MinimumThroughput = 5,
            FailureRatio = 0.9,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = timing.Rest,
        })
        .AddTimeout(timing.Request)
        .AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 5,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = timing.FirstPause,
            MaxDelay = timing.FirstPause * 4,
        })
        .AddTimeout(timing.Attempt);
}
