using System.Text.Json.Nodes;
using Deployster.Api.Contracts;

namespace Deployster.Api.Mapping;

/// <summary>What a reader may see of a spec: the names of its variables, and none of their values.</summary>
internal static class ReaderView
{
    private static readonly string[] s_variables = ["env", "secret_env"];

    /// <summary>Takes the values out of a spec.</summary>
    public static void HideValues(SpecResource spec)
    {
        foreach (var name in s_variables)
        {
            if (spec.Fields.GetValueOrDefault(name) is JsonObject variables)
            {
                spec.Fields[name] = new JsonObject(variables.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)null)));
            }
        }
    }
}
