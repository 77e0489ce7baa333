using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Deployster.Domain.Specs;

/// <summary>
/// Splits a command line into words as a POSIX shell does, by blanks, quotes and backslashes (Shell Command Language, 2.2),
/// and expands nothing.
/// </summary>
public static class ShellWords
{
    /// <summary>Splits <paramref name="line"/>; false, with the reason, where a quote is left open or nothing follows a backslash.</summary>
    public static bool TrySplit(string line, out ImmutableArray<string> words, [NotNullWhen(false)] out string? error)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var isInWord = false;
        var quote = '\0';
        error = null;
        words = [];

        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\'')
            {
                (quote, word) = c == '\'' ? ('\0', word) : (quote, word.Append(c));
            }
            else if (c == '\\')
            {
                if (++i == line.Length)
                {
                    error = "a backslash stands at the end with nothing behind it";
                    return false;
                }

                // Between double quotes a backslash is itself before all but these.
                word.Append(quote == '"' && line[i] is not ('"' or '\\' or '$' or '`' or '\n') ? "\\" : "");
                word.Append(line[i] == '\n' ? "" : line[i].ToString());
                isInWord |= line[i] != '\n';
            }
            else if (quote == '"')
            {
                (quote, word) = c == '"' ? ('\0', word) : (quote, word.Append(c));
            }
            else if (c is '\'' or '"')
            {
                quote = c;
                isInWord = true;
            }
            else if (c is ' ' or '\t' or '\n')
            {
                EndWord();
            }
            else
            {
                word.Append(c);
                isInWord = true;
            }
        }

        if (quote != '\0')
        {
            error = $"the quote {quote} is left open";
            return false;
        }

        EndWord();
        words = found.ToImmutable();
        return true;

        void EndWord()
        {
            if (isInWord)
            {
                found.Add(word.ToString());
            }

            word.Clear();
            isInWord = false;
        }
    }
}
