using System.Text.Json;
using Deployster.Domain.Specs;

namespace Deployster.Application.Tests.Kit;

/// <summary>What requests say of a spec.</summary>
internal static class Spec
{
    public static SpecChanges Of(string json, params string[] cleared) =>
        new(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!, cleared);
}
