using System.Collections.Immutable;

namespace Deployster.Domain.Specs.Fields;

/// <summary>A command as it was given.</summary>
/// <param name="Words">The argument vector; that which a shell would make of the line, where one was given.</param>
/// <param name="Line">The line; null where an argument vector was given.</param>
public readonly record struct WordsOrLine(ImmutableArray<string> Words, string? Line);
