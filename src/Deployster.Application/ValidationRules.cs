using System.Text.RegularExpressions;
using Deployster.Domain.Names;
using FluentValidation;

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

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,100}\z")]
    private static partial Regex GatewayName();

    /// <summary>Or none at all.</summary>
    public static IRuleBuilderOptions<T, TNumber?> Between<T, TNumber>(this IRuleBuilder<T, TNumber?> rule, TNumber min, TNumber max)
        where TNumber : struct, IComparable<TNumber>, IComparable => rule
        .InclusiveBetween(min, max)
        .WithMessage($"must be from {min} to {max}, not {{PropertyValue}}.");
}
