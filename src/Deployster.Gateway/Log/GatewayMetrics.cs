using System.Diagnostics.Metrics;
using Deployster.Application;

namespace Deployster.Gateway.Log;

/// <summary>Counts requests by service and class of status, and measures how long they take.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    private readonly Meter _meter = new(ApplicationServices.MeterName);
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _durations;

    public GatewayMetrics()
    {
        _requests = _meter.CreateCounter<long>("deployster.gateway.requests", description: "Requests, by service and class of status.");
        _durations = _meter.CreateHistogram<double>("deployster.gateway.duration", "s", "How long requests take, by service.");
    }

    /// <summary>A request of a service has ended.</summary>
    public void Add(string service, int status, TimeSpan duration)
    {
        _requests.Add(1, new("service", service), new("code", ClassOf(status)));
        _durations.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("service", service));
    }

    public void Dispose() => _meter.Dispose();

    private static string ClassOf(int status) => (status / 100) switch
    {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
}
