using System.Collections.Immutable;

namespace Deployster.Domain.Specs;

/// <summary>An image's entrypoint that is a shell waiting for a line: <c>["/bin/bash", "-lc"]</c>.</summary>
public static class ShellEntrypoint
{
    private static readonly ImmutableHashSet<string> s_shells = ["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh"];

    /// <summary>Whether what follows <paramref name="entrypoint"/> is one line for a shell, not words of an argument vector.</summary>
    public static bool TakesLine(ImmutableArray<string> entrypoint) =>
        !entrypoint.IsDefaultOrEmpty
        && IsCommandOption(entrypoint[^1])
        && entrypoint.LastOrDefault(word => !word.StartsWith('-')) is { } program
        && s_shells.Contains(program[(program.LastIndexOf('/') + 1)..]);

    private static bool IsCommandOption(string word) =>
        word.Length > 1 && word[0] == '-' && word[1] != '-' && word.Contains('c');
}
