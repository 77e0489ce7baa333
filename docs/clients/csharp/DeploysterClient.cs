using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployster.Sample;

/// <summary>What the generated client leaves to be decided.</summary>
public partial class DeploysterClient
{
    // A field that is null in a request takes its default; only one that is left out is inherited from what runs.
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
