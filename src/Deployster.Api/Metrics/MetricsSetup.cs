using Deployster.Application;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Deployster.Api.Metrics;

/// <summary>What Prometheus is told: deploys, and the requests that come in and go out.</summary>
internal static class MetricsSetup
{
    // Each unit has a port of its own: told apart by it, the metrics would grow with every deploy.
    private static readonly MetricStreamConfiguration s_withoutPorts =
        new() { TagKeys = ["http.request.method", "http.response.status_code", "server.address", "error.type"] };

    public static void AddDeploysterMetrics(this IServiceCollection services) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("deployster"))
        .WithMetrics(metrics => metrics
            .AddMeter(ApplicationServices.MeterName)
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddView(instrument => instrument.Meter.Name == "System.Net.Http" ? s_withoutPorts : null)
            .AddPrometheusExporter());
}
