namespace Deployster.Domain.Specs.Fields;

/// <summary>What is wrong with a field of a request.</summary>
/// <param name="Field">The field, as the API names it: <c>health_check.path</c>.</param>
/// <param name="Message">The rule that it breaks, to be read behind the field's name.</param>
public sealed record FieldError(string Field, string Message);
