namespace Deployster.Domain.Specs.Fields;

/// <summary>What a field's values look like in JSON. The API document tells it, and nothing repeats it.</summary>
/// <param name="Kind">The values' type.</param>
public sealed record FieldShape(JsonKind Kind)
{
    /// <summary>The least number; null for no limit.</summary>
    public decimal? Least { get; init; }

    /// <summary>The greatest number; null for no limit.</summary>
    public decimal? Most { get; init; }

    /// <summary>The grammar of a text as a regular expression; null for none that one can tell.</summary>
    public string? Pattern { get; init; }

    /// <summary>The most entries of a list or map; null for no limit.</summary>
    public int? MaxEntries { get; init; }

    /// <summary>Whether a list may have an entry only once.</summary>
    public bool HasUniqueEntries { get; init; }

    /// <summary>Whether null may stand for a value of an object of texts.</summary>
    public bool HasNullEntries { get; init; }

    /// <summary>The name of an object's type: <c>HealthCheck</c>.</summary>
    public string TypeName { get; init; } = "";

    /// <summary>What an object is, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>An object's fields.</summary>
    public IReadOnlyList<Field> Fields { get; init; } = [];
}

/// <summary>A type of values in JSON.</summary>
public enum JsonKind
{
    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number, or a text.</summary>
    NumberOrText,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>A list of texts, or one text that is split into them.</summary>
    TextOrTexts,

    /// <summary>An object of texts.</summary>
    TextsByName,

    /// <summary>An object with fields of its own.</summary>
    Fields,

    /// <summary>Objects with fields of their own by name.</summary>
    FieldsByName,
}
