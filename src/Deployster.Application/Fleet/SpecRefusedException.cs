namespace Deployster.Application.Fleet;

/// <summary>A spec keeps its rules, but this fleet cannot take it.</summary>
/// <param name="field">The field of the request: <c>deploy.env.NAME</c>.</param>
/// <param name="rule">What the fleet asks of it.</param>
public sealed class SpecRefusedException(string field, string rule) : Exception($"{field}: {rule}")
{
    /// <summary>The field of the request.</summary>
    public string Field { get; } = field;

    /// <summary>What the fleet asks of it.</summary>
    public string Rule { get; } = rule;
}
