using System.Globalization;
using System.Text.Json;
using Deployster.Domain.Specs;
using Deployster.Domain.Specs.Fields;

namespace Deployster.Api.Tests.OpenApi;

/// <summary>The fields of a spec in the document: as they are declared, with their limits.</summary>
internal sealed class SpecSchemaTests
{
    private static readonly string[] s_names = [.. SpecFields.All.Select(field => field.Name)];

    private ApiServer _server = null!;
    private JsonElement _schemas;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ApiServer.StartAsync();
        _schemas = (await _server.GetAsync("/swagger/v1/swagger.json")).Json.GetProperty("components").GetProperty("schemas");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCaseSource(nameof(s_names))]
    public void Request_HasTheFieldWithItsLimits(string name) =>
        ShouldDescribe(_schemas.GetProperty("DeployRequestBody"), SpecFields.Find(name)!);

    [TestCaseSource(nameof(s_names))]
    public void Answer_AlwaysHasTheField(string name)
    {
        var field = SpecFields.Find(name)!;
        var schema = _schemas.GetProperty("SpecResource");

        schema.GetProperty("properties").GetProperty(name).GetProperty("description").GetString().Should().Be(field.InAnswer);
        schema.GetProperty("required").EnumerateArray().Select(item => item.GetString()).Should().Contain(name);
        if (field.Shape.Kind == JsonKind.Fields)
        {
            _schemas.GetProperty($"{field.Shape.TypeName}Resource").GetProperty("properties").EnumerateObject().Select(part => part.Name)
                .Should().Equal(field.Shape.Fields.Select(part => part.Name));
        }
    }

    private void ShouldDescribe(JsonElement owner, Field field)
    {
        var schema = owner.GetProperty("properties").GetProperty(field.Name);
        var shape = field.Shape;

        schema.GetProperty("description").GetString().Should().Be(field.InRequest);
        Find(schema, "minimum").Should().Be(shape.Least?.ToString(CultureInfo.InvariantCulture));
        Find(schema, "maximum").Should().Be(shape.Most?.ToString(CultureInfo.InvariantCulture));
        Find(schema, "pattern").Should().Be(shape.Pattern);
        (Find(schema, "maxItems") ?? Find(schema, "maxProperties")).Should().Be(shape.MaxEntries?.ToString(CultureInfo.InvariantCulture));
        foreach (var part in shape.Fields)
        {
            ShouldDescribe(_schemas.GetProperty($"{shape.TypeName}Body"), part);
        }
    }

    private static string? Find(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var value) ? value.ToString() : null;
}
