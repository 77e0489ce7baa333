using System.Text.Json;
using System.Text.Json.Serialization;
using Deployster.Application;

namespace Deployster.Api.Json;

/// <summary>Reads a command: a text, or a list of texts.</summary>
internal sealed class CommandTextConverter : JsonConverter<CommandText>
{
    public override CommandText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new CommandText(reader.GetString()!);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"The JSON value could not be converted to {nameof(CommandText)}.");
        }

        var words = new List<string?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            words.Add(reader.TokenType == JsonTokenType.String
                ? reader.GetString()
                : throw new JsonException($"The JSON value could not be converted to {nameof(CommandText)}."));
        }

        return new CommandText(words);
    }

    public override void Write(Utf8JsonWriter writer, CommandText value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Split(), options);
}
