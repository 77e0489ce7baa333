using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployster.Gateway.Standalone;

/// <summary>How routes are written: as the API writes everything.</summary>
internal static class RoutesJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
