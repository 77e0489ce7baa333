using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>A field of a spec, or of an object in it: what the API document tells of it.</summary>
public abstract class Field
{
    private readonly string _inRequest = "";

    /// <summary>The name in the API: <c>instance_count</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it means in a request. <c>{limits}</c> stands for the limits of a number.</summary>
    public required string InRequest
    {
        get => _inRequest.Replace("{limits}", string.Create(CultureInfo.InvariantCulture, $"{Shape.Least} to {Shape.Most}"), StringComparison.Ordinal);
        init => _inRequest = value;
    }

    /// <summary>What it means in an answer.</summary>
    public required string InAnswer { get; init; }

    /// <summary>A value to try; null for none.</summary>
    public string? Example { get; init; }

    /// <summary>Whether an object that is given must have it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it may be null in an answer.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Whether null is a value of its own in a request, and does not mean that the field is left out.</summary>
    public bool TakesNull { get; init; }

    /// <summary>What its values look like in a request.</summary>
    public abstract FieldShape Shape { get; }

    /// <summary>What its values look like in an answer.</summary>
    public abstract FieldShape AnswerShape { get; }
}

/// <summary>A field of <typeparamref name="TOwner"/>, whatever its type.</summary>
/// <typeparam name="TOwner">The record that has the field.</typeparam>
public abstract class Field<TOwner> : Field
{
    /// <summary>Adds what is wrong with a request's value, which is not null.</summary>
    internal abstract void FindErrors(JsonElement json, string field, ICollection<FieldError> errors);

    /// <summary>The owner with a request's value, which must have no errors.</summary>
    internal abstract TOwner Give(TOwner owner, JsonElement json);

    /// <summary>The owner with the value that another has.</summary>
    internal abstract TOwner Copy(TOwner from, TOwner to);

    /// <summary>The value for an answer.</summary>
    internal abstract JsonNode? Tell(TOwner owner);

    /// <summary>The value as options of a unit.</summary>
    internal abstract IEnumerable<(string Option, string Text)> Store(TOwner owner);

    /// <summary>The owner with the value that a unit's options hold, or as it is where they hold none.</summary>
    internal abstract TOwner Restore(TOwner owner, ILookup<string, string> lines);

    /// <summary>The field, or the part of it, that stands in the line of an option; null where the line is none of this field's.</summary>
    internal abstract string? FindField(string option, string text);

    /// <summary>Whether two owners have the same value.</summary>
    internal abstract bool AreEqual(TOwner one, TOwner other);
}

/// <summary>The declaration of a field. Whatever else has to do with the field follows from it.</summary>
/// <typeparam name="TOwner">The record that has the field.</typeparam>
/// <typeparam name="T">The field's type. Where it has no value, that is null and stored by no option.</typeparam>
public sealed class Field<TOwner, T> : Field<TOwner>
{
    /// <summary>The type, with its limits.</summary>
    public required FieldType<T> Type { get; init; }

    /// <summary>The option of a unit that stores it; the parts of an object have their own.</summary>
    public string Option { get; init; } = "";

    /// <summary>Takes the value from its owner.</summary>
    public required Func<TOwner, T> Get { get; init; }

    /// <summary>What answers show, where that is more than what was set: the default that holds.</summary>
    public Func<TOwner, T>? Show { get; init; }

    /// <summary>An owner with another value.</summary>
    public required Func<TOwner, T, TOwner> Set { get; init; }

    /// <inheritdoc />
    public override FieldShape Shape => Type.Shape;

    /// <inheritdoc />
    public override FieldShape AnswerShape => Type.AnswerShape;

    /// <summary>What is wrong with a value.</summary>
    public IReadOnlyList<FieldError> FindErrors(T value)
    {
        var errors = new List<FieldError>();
        Type.Check(value, Name, errors);
        return errors;
    }

    internal override void FindErrors(JsonElement json, string field, ICollection<FieldError> errors)
    {
        var before = errors.Count;
        var value = Type.Read(json, field, errors);
        if (errors.Count == before)
        {
            Type.Check(value, field, errors);
        }
    }

    internal override TOwner Give(TOwner owner, JsonElement json)
    {
        var errors = new List<FieldError>();
        var value = Type.Read(json, Name, errors);
        return errors is [var first, ..] ? throw new FormatException($"{first.Field} {first.Message}") : Set(owner, Type.Merge(Get(owner), value));
    }

    internal override TOwner Copy(TOwner from, TOwner to) => Set(to, Get(from));

    internal override JsonNode? Tell(TOwner owner) => (Show ?? Get)(owner) is { } value ? Type.Tell(value) : null;

    internal override IEnumerable<(string Option, string Text)> Store(TOwner owner) =>
        Get(owner) is { } value ? Type.Store(Option, value) : TakesNull ? Type.Store(Option, default!) : [];

    internal override TOwner Restore(TOwner owner, ILookup<string, string> lines) =>
        Set(owner, Type.Restore(Option, lines, Get(owner)));

    internal override string? FindField(string option, string text) => Type.FindField(Name, Option, option, text);

    internal override bool AreEqual(TOwner one, TOwner other) => Type.AreEqual(Get(one), Get(other));
}
