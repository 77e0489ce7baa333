using System.Globalization;

namespace Deployster.Domain.Specs.Fields;

/// <summary>The numbers from one to another, both included.</summary>
internal sealed record NumberRange(decimal Least, decimal Most)
{
    public bool Contains(decimal number) => number >= Least && number <= Most;

    public void Check(decimal number, string field, ICollection<FieldError> errors)
    {
        if (!Contains(number))
        {
            errors.Add(new FieldError(
                field, string.Create(CultureInfo.InvariantCulture, $"must be from {Least} to {Most}, not {number}.")));
        }
    }
}
