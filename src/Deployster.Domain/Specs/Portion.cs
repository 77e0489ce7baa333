using System.Globalization;

namespace Deployster.Domain.Specs;

/// <summary>A part of a deploy's units: a count, or a percentage of all of them.</summary>
/// <param name="Number">The count, or the percentage.</param>
/// <param name="IsPercentage">Whether it is a percentage.</param>
public sealed record Portion(int Number, bool IsPercentage = false)
{
    /// <summary>What a percentage must look like.</summary>
    public const string Pattern = "^([0-9]|[1-9][0-9]|100)%$";

    /// <summary>The rule for portions, in words.</summary>
    public const string Rule = "a count from 0 to 1000 or a percentage from 0% to 100%";

    /// <summary>How many units it is of <paramref name="count"/>; a part of a unit counts as a whole one.</summary>
    public int RoundedUp(int count) => IsPercentage ? (int)(((long)Number * count + 99) / 100) : Number;

    /// <summary>How many units it is of <paramref name="count"/>; a part of a unit does not count.</summary>
    public int RoundedDown(int count) => IsPercentage ? (int)((long)Number * count / 100) : Number;

    /// <summary>Reads a percentage: <c>25%</c>; null where the text is none.</summary>
    public static Portion? ReadPercentage(string text) =>
        text.EndsWith('%')
        && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is >= 0 and <= 100
        && text.Length == $"{number}%".Length
            ? new Portion(number, IsPercentage: true)
            : null;

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}{(IsPercentage ? "%" : "")}");
}
