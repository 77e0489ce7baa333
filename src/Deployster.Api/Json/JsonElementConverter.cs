using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployster.Api.Json;

/// <summary>
/// Takes JSON as it is. The serializer's own converter refuses a member that stands there twice without telling where, and whoever
/// reads the JSON can tell.
/// </summary>
internal sealed class JsonElementConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);
}
