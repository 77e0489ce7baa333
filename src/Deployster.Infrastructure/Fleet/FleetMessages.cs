using System.Text.Json.Serialization;

namespace Deployster.Infrastructure.Fleet;

// Fleet leaves out whatever is empty, lists as well, so all may be null.

internal interface IFleetPage<out T>
{
    IReadOnlyList<T>? Items { get; }

    string? NextPageToken { get; }
}

internal sealed record FleetUnitPage(
    [property: JsonPropertyName("units")] IReadOnlyList<FleetUnitMessage>? Items, string? NextPageToken)
    : IFleetPage<FleetUnitMessage>;

internal sealed record FleetStatePage(
    [property: JsonPropertyName("states")] IReadOnlyList<FleetStateMessage>? Items, string? NextPageToken)
    : IFleetPage<FleetStateMessage>;

internal sealed record FleetMachinePage(
    [property: JsonPropertyName("machines")] IReadOnlyList<FleetMachineMessage>? Items, string? NextPageToken)
    : IFleetPage<FleetMachineMessage>;

internal sealed record FleetUnitMessage(
    string? Name, string? CurrentState, string? DesiredState, string? MachineID, IReadOnlyList<FleetOptionMessage>? Options);

internal sealed record FleetOptionMessage(string? Section, string? Name, string? Value);

internal sealed record FleetStateMessage(
    string? Name, string? MachineID, string? SystemdLoadState, string? SystemdActiveState, string? SystemdSubState);

internal sealed record FleetMachineMessage(string? Id, string? PrimaryIP);

internal sealed record FleetUnitChange(string DesiredState, IReadOnlyList<FleetOptionMessage>? Options);

internal sealed record FleetErrorMessage(FleetErrorDetail? Error);

internal sealed record FleetErrorDetail(string? Message);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FleetUnitPage))]
[JsonSerializable(typeof(FleetUnitMessage))]
[JsonSerializable(typeof(FleetStatePage))]
[JsonSerializable(typeof(FleetMachinePage))]
[JsonSerializable(typeof(FleetUnitChange))]
[JsonSerializable(typeof(FleetErrorMessage))]
internal sealed partial class FleetJson : JsonSerializerContext;
