using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>How the values of a type stand in JSON and in a unit's options, and the rules that they keep.</summary>
/// <typeparam name="T">The type.</typeparam>
public abstract class FieldType<T>
{
    /// <summary>What the values look like in a request.</summary>
    public abstract FieldShape Shape { get; }

    /// <summary>What the values look like in an answer.</summary>
    public virtual FieldShape AnswerShape => Shape;

    /// <summary>Reads a request's value and adds what is wrong with its form. After an error the result means nothing.</summary>
    internal abstract T Read(JsonElement json, string field, ICollection<FieldError> errors);

    /// <summary>Adds what is wrong with a value that could be read.</summary>
    internal virtual void Check(T value, string field, ICollection<FieldError> errors)
    {
    }

    /// <summary>The value that an owner has once another is given, which takes its place unless the type says otherwise.</summary>
    internal virtual T Merge(T before, T given) => given;

    /// <summary>The value for an answer.</summary>
    internal abstract JsonNode? Tell(T value);

    /// <summary>The value as options of a unit.</summary>
    internal abstract IEnumerable<(string Option, string Text)> Store(string option, T value);

    /// <summary>
    /// The value that a unit's options hold; <paramref name="missing"/> where they hold none, as those from before the field do.
    /// Limits that another version may have set wider are not held against a unit that runs.
    /// </summary>
    /// <exception cref="FormatException">The options hold what no version writes.</exception>
    internal abstract T Restore(string option, ILookup<string, string> lines, T missing);

    /// <summary>The part of the field that stands in the line of an option; null where the line is none of this field's.</summary>
    internal virtual string? FindField(string field, string own, string option, string text) => own == option ? field : null;

    internal virtual bool AreEqual(T one, T other) => EqualityComparer<T>.Default.Equals(one, other);
}
