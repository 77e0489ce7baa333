namespace Deployster.Domain.Specs;

/// <summary>A value that a request gave, or left out: to give null is not to leave out.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly record struct Optional<T>
{
    /// <summary>A value that was given.</summary>
    public Optional(T value)
    {
        Value = value;
        IsGiven = true;
    }

    /// <summary>Whether a value was given.</summary>
    public bool IsGiven { get; }

    /// <summary>The value; its type's default where none was given.</summary>
    public T Value { get; }

    /// <summary>The value where one was given, else <paramref name="inherited"/>.</summary>
    public T Or(T inherited) => IsGiven ? Value : inherited;
}
