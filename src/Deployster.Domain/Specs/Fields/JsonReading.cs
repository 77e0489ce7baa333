using System.Text.Json;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Reads JSON that may be of any form.</summary>
internal static class JsonReading
{
    /// <summary>Reads a value; false where it is of another type.</summary>
    public static bool TryRead<T>(this JsonElement json, out T? value)
    {
        try
        {
            value = json.Deserialize<T>();
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    /// <summary>Reads a whole number; 0, with the error, where there is none.</summary>
    public static int ReadWholeNumber(this JsonElement json, string field, ICollection<FieldError> errors)
    {
        if (!json.TryRead<int>(out var number))
        {
            errors.Add(new FieldError(field, "must be a whole number."));
        }

        return number;
    }

    /// <summary>Reads a text; null, with the error, where there is none, or half of a surrogate pair, which is no text.</summary>
    public static string? ReadText(this JsonElement json, string field, ICollection<FieldError> errors)
    {
        if (!json.TryRead<string>(out var text))
        {
            errors.Add(new FieldError(field, "must be a text."));
        }

        return text;
    }

    /// <summary>Reads an object's members; none, with the error, where it is no object. One that stands there twice is an error.</summary>
    public static IReadOnlyDictionary<string, JsonElement> ReadMembers(
        this JsonElement json, string field, string inWords, ICollection<FieldError> errors)
    {
        if (!json.TryRead<Dictionary<string, JsonElement>>(out var members))
        {
            errors.Add(new FieldError(field, $"must be {inWords}."));
            return new Dictionary<string, JsonElement>();
        }

        foreach (var twice in json.EnumerateObject().GroupBy(member => member.Name).Where(same => same.Count() > 1))
        {
            errors.Add(new FieldError($"{field}.{twice.Key}", "stands there twice."));
        }

        return members!;
    }
}
