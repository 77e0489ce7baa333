using System.Collections.Immutable;
using Deployster.Domain.Specs;

namespace Deployster.Application;

/// <summary>A command as a request gives it: an argument vector, or a line to be split into one.</summary>
public sealed record CommandText
{
    /// <summary>A command given as a line.</summary>
    public CommandText(string line) => Line = line;

    /// <summary>A command given as an argument vector.</summary>
    public CommandText(IReadOnlyList<string?> words) => Words = words;

    /// <summary>The line; null where the command was given as an argument vector.</summary>
    public string? Line { get; }

    /// <summary>The argument vector; null where the command was given as a line.</summary>
    public IReadOnlyList<string?>? Words { get; }

    /// <summary>Why the line cannot be split; null where it can, or where there is none.</summary>
    public string? FindSyntaxError() =>
        Line is not null && !ShellWords.TrySplit(Line, out _, out var error) ? error : null;

    /// <summary>The argument vector. The command must have no error.</summary>
    public ImmutableArray<string> Split()
    {
        if (Words is not null)
        {
            return [.. Words!];
        }

        ShellWords.TrySplit(Line ?? "", out var words, out _);
        return words;
    }
}
