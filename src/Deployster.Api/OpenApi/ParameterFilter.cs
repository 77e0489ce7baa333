using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>Adds to each parameter its rules and an example.</summary>
internal sealed class ParameterFilter : IParameterFilter
{
    private static readonly Dictionary<string, string> s_examples = new()
    {
        ["service"] = "hello",
        ["version"] = "v1",
        ["unit"] = "1",
        ["id"] = "01a213dd09f576dd83b833f62f4fb232",
        ["gateway"] = "front",
    };

    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter own)
        {
            return;
        }

        FieldRules.Apply(own.Name!, own.Schema);
        if (own.In == ParameterLocation.Path && s_examples.TryGetValue(own.Name!, out var example))
        {
            own.Example = JsonValue.Create(example);
        }
    }
}
