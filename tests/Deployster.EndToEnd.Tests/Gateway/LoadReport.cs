using System.Globalization;

namespace Deployster.EndToEnd.Tests.Gateway;

/// <summary>What became of the requests of a load.</summary>
/// <param name="Duration">How long it lasted.</param>
/// <param name="Requests">Every request that was made.</param>
/// <param name="SocketMessages">How many messages a WebSocket carried there and back.</param>
/// <param name="SocketsClosed">How often the unit closed the WebSocket, as agreed, and another was opened.</param>
internal sealed record LoadReport(TimeSpan Duration, IReadOnlyList<LoadRequest> Requests, int SocketMessages, int SocketsClosed)
{
    public IReadOnlyList<LoadRequest> Failures { get; } = [.. Requests.Where(request => request.Failure is not null)];

    public double RequestsPerSecond => Requests.Count / Duration.TotalSeconds;

    /// <summary>The answers by who gave them.</summary>
    public IReadOnlyDictionary<string, int> Answers { get; } = Requests
        .Where(request => request is { Failure: null, Kind: "kept" or "new" })
        .GroupBy(request => request.Answer!)
        .ToDictionary(answer => answer.Key, answer => answer.Count());

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Requests.Count} requests in {Duration.TotalSeconds:0.0} s, {RequestsPerSecond:0} a second: {Failures.Count} failed
          {string.Join("\n  ", Requests.GroupBy(request => request.Kind).OrderBy(kind => kind.Key).Select(Line))}
          socket: {SocketMessages} messages there and back, closed by a unit and opened again {SocketsClosed} times
        {string.Join('\n', Failures.Take(20))}
        """);

    private static string Line(IGrouping<string, LoadRequest> kind)
    {
        var times = kind.Select(request => request.Duration.TotalMilliseconds).Order().ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{kind.Key}: {times.Count}, {kind.Count(request => request.Failure is not null)} failed, median {times[times.Count / 2]:0.0} ms, p99 {times[times.Count * 99 / 100]:0.0} ms, longest {times[^1]:0} ms");
    }
}

/// <summary>One request of a load.</summary>
/// <param name="Kind">What kind it was of.</param>
/// <param name="Begun">When it was begun.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Answer">The answer; null where it failed.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
internal sealed record LoadRequest(string Kind, DateTimeOffset Begun, TimeSpan Duration, string? Answer, string? Failure);
