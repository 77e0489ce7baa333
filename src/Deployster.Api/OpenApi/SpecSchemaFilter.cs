using System.Text.Json.Nodes;
using Deployster.Api.Contracts;
using Deployster.Domain.Specs;
using Deployster.Domain.Specs.Fields;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>Describes the declared fields of a spec, in requests and in answers.</summary>
internal sealed class SpecSchemaFilter : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.MemberInfo is null && context.ParameterInfo is null && schema is OpenApiSchema own)
        {
            if (context.Type == typeof(DeployRequestBody))
            {
                AddFields(own, SpecFields.All, isRequest: true, context.SchemaRepository);
            }
            else if (context.Type == typeof(SpecResource))
            {
                AddFields(own, SpecFields.All, isRequest: false, context.SchemaRepository);
            }
        }
    }

    private static void AddFields(OpenApiSchema schema, IEnumerable<Field> fields, bool isRequest, SchemaRepository schemas)
    {
        // The fields take the place of the one property that holds them all.
        schema.AdditionalProperties = null;
        schema.AdditionalPropertiesAllowed = !isRequest;
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        schema.Required ??= new SortedSet<string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            schema.Properties[field.Name] = Describe(field, isRequest, schemas);
            if (field.IsRequired || !isRequest)
            {
                schema.Required.Add(field.Name);
            }
        }
    }

    private static IOpenApiSchema Describe(Field field, bool isRequest, SchemaRepository schemas)
    {
        var shape = isRequest ? field.Shape : field.AnswerShape;
        var schema = Describe(shape, isRequest, schemas);
        if (isRequest)
        {
            FieldRules.Apply(shape, schema);
        }

        schema.Description = isRequest ? field.InRequest : field.InAnswer;
        if (field.Example is not null)
        {
            schema.Examples = [JsonValue.Create(field.Example)];
        }

        return ContractSchemaFilter.WithNull(schema, isRequest ? !field.IsRequired : field.IsNullable);
    }

    private static OpenApiSchema Describe(FieldShape shape, bool isRequest, SchemaRepository schemas) => shape.Kind switch
    {
        JsonKind.WholeNumber => new() { Type = JsonSchemaType.Integer, Format = "int32" },
        JsonKind.Number => new() { Type = JsonSchemaType.Number, Format = "double" },
        JsonKind.Text => Text(),
        JsonKind.NumberOrText => new() { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" }, Text()] },
        JsonKind.Flag => new() { Type = JsonSchemaType.Boolean },
        JsonKind.Texts => Texts(),
        JsonKind.TextOrTexts => new() { OneOf = [Text(), Texts()] },
        JsonKind.TextsByName => new() { Type = JsonSchemaType.Object, AdditionalProperties = ContractSchemaFilter.WithNull(Text(), shape.HasNullEntries) },
        JsonKind.FieldsByName => new() { Type = JsonSchemaType.Object, AdditionalProperties = DescribeObject(shape, isRequest, schemas) },
        _ => new() { OneOf = [DescribeObject(shape, isRequest, schemas)] },
    };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Texts() => new() { Type = JsonSchemaType.Array, Items = Text() };

    private static OpenApiSchemaReference DescribeObject(FieldShape shape, bool isRequest, SchemaRepository schemas)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = shape.Description };
        AddFields(schema, shape.Fields, isRequest, schemas);
        return schemas.AddDefinition($"{shape.TypeName}{(isRequest ? "Body" : "Resource")}", schema);
    }
}
