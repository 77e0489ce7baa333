using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deployster.Domain.Specs.Fields;

/// <summary>
/// Free text in a unit's option. It stands in JSON's quotes, so that a line break in it does not end the line, no blank at
/// its end is trimmed, and no backslash there joins the line with the next.
/// </summary>
internal static class StoredText
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(string text) => JsonSerializer.Serialize(text, s_json);

    /// <exception cref="FormatException">It is not what <see cref="Write"/> writes.</exception>
    public static string Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(json) is { } text && PlainText.IsText(text)
                ? text
                : throw new FormatException("A stored text is none.");
        }
        catch (JsonException e)
        {
            throw new FormatException("A stored text is no JSON.", e);
        }
    }
}
