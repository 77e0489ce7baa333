namespace Deployster.Domain.Units;

/// <summary>One line of a unit file: an option in its section.</summary>
/// <param name="Section">The section's name without brackets: <c>Service</c>.</param>
/// <param name="Name">The option's name: <c>ExecStart</c>.</param>
/// <param name="Value">Its value.</param>
public sealed record UnitOption(string Section, string Name, string Value);
