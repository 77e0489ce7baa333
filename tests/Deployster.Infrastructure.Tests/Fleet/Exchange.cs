using System.Text.Json;

namespace Deployster.Infrastructure.Tests.Fleet;

/// <summary>A request to a real fleetd 1.0.0 and what it answered.</summary>
public sealed record Exchange(string Name, RecordedRequest Request, RecordedResponse Response)
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<Exchange> ReadTranscript()
    {
        using var transcript = typeof(Exchange).Assembly.GetManifestResourceStream("transcript.json")!;
        return JsonSerializer.Deserialize<List<Exchange>>(transcript, s_options)!;
    }

    public override string ToString() => Name;
}

public sealed record RecordedRequest(string Method, string Path, string? ContentType, string? Body);

/// <summary>A response; without one the status is 0.</summary>
public sealed record RecordedResponse(int Status, IReadOnlyDictionary<string, string> Headers, string Body);
