namespace Deployster.Domain.Specs;

/// <summary>The value of an environment variable that is never shown. It stands in the units alone.</summary>
/// <param name="Value">The value; null where only the name is known, as in the history.</param>
public sealed record Secret(string? Value)
{
    /// <summary>A secret whose value is not known here.</summary>
    public static Secret Unknown { get; } = new((string?)null);

    /// <summary>Never the value: this may end up in a log.</summary>
    public override string ToString() => "********";
}
