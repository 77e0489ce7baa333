using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployster.FleetStandIn;

/// <summary>The JSON that Fleet speaks.</summary>
internal static class FleetJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

internal sealed record UnitRequest(string? Name, string? DesiredState, IReadOnlyList<UnitFileOption>? Options);

internal sealed record UnitBody(
    string CurrentState, string DesiredState, string? MachineID, string Name, IReadOnlyList<UnitFileOption> Options);

internal sealed record StateBody(
    string Hash, string MachineID, string Name, string SystemdActiveState, string SystemdLoadState, string SystemdSubState);

internal sealed record MachineBody(string Id, IReadOnlyDictionary<string, string> Metadata, string PrimaryIP);

internal sealed record UnitPage(IReadOnlyList<UnitBody>? Units, string? NextPageToken);

internal sealed record StatePage(IReadOnlyList<StateBody>? States, string? NextPageToken);

internal sealed record MachinePage(IReadOnlyList<MachineBody>? Machines, string? NextPageToken);

internal sealed record ErrorBody(ErrorDetail Error);

internal sealed record ErrorDetail(int Code, string Message);
