using System.Text.RegularExpressions;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Specs.Fields;
using FluentValidation;
using FluentValidation.Results;

namespace Deployster.Application;

/// <summary>Rules that several requests share.</summary>
internal static partial class ValidationRules
{
    public static IRuleBuilderOptions<T, string?> ServiceName<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => Domain.Names.ServiceName.TryParse(text, out _))
        .WithMessage($"must be {Domain.Names.ServiceName.Rule}, not '{{PropertyValue}}'.");

    public static IRuleBuilderOptions<T, string?> Version<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => VersionTag.TryParse(text, out _))
        .WithMessage($"must be {VersionTag.Rule}, not '{{PropertyValue}}'.");

    /// <summary>Or none at all.</summary>
    public static IRuleBuilderOptions<T, string?> Timestamp<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || DeployTimestamp.TryParse(text, out _))
        .WithMessage($"must be {DeployTimestamp.Rule}, not '{{PropertyValue}}'.");

    /// <summary>Or none at all.</summary>
    public static IRuleBuilderOptions<T, string?> Gateway<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || GatewayName().IsMatch(text))
        .WithMessage("must be letters, digits, '.', '_', ':' or '-', at most 100 characters, not '{PropertyValue}'.");

    /// <summary>Or none at all.</summary>
    public static void Keeps<T, TValue>(this IRuleBuilder<T, TValue?> rule, Field<DeploySpec, TValue> declared)
        where TValue : struct => rule.Custom((value, context) => context.AddErrors("", value is { } given ? declared.FindErrors(given) : []));

    /// <summary>Adds what is wrong with fields of an object that a request has under a name, or with its own fields where that is empty.</summary>
    public static void AddErrors<T>(this ValidationContext<T> context, string name, IEnumerable<FieldError> errors)
    {
        // Not by the field's name alone: the message would be taken for a template, and what a request says stands in it.
        foreach (var (field, message) in errors)
        {
            context.AddFailure(new ValidationFailure(name.Length == 0 ? field : $"{name}.{field}", message));
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,100}\z")]
    private static partial Regex GatewayName();

    /// <summary>Or none at all.</summary>
    public static IRuleBuilderOptions<T, TNumber?> Between<T, TNumber>(this IRuleBuilder<T, TNumber?> rule, TNumber min, TNumber max)
        where TNumber : struct, IComparable<TNumber>, IComparable => rule
        .InclusiveBetween(min, max)
        .WithMessage($"must be from {min} to {max}, not {{PropertyValue}}.");
}
