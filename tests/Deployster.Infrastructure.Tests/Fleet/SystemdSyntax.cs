using System.Text;

namespace Deployster.Infrastructure.Tests.Fleet;

/// <summary>Reads the values of a unit file as systemd does: quotes, escapes, specifiers, variables.</summary>
internal static class SystemdSyntax
{
    /// <summary>The words of a value, of which those of a command line have variables expanded.</summary>
    public static IReadOnlyList<string> Words(string value, string instance, IReadOnlyDictionary<string, string>? variables)
    {
        var words = Split(value).Select(word => Specifiers(word, instance));
        return variables is null ? [.. words] : [.. words.SelectMany(word => Expand(word, variables))];
    }

    private static IEnumerable<string> Split(string value)
    {
        var word = new StringBuilder();
        var hasWord = false;
        char? quote = null;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == '\\')
            {
                hasWord = true;
                word.Append(value[++i] switch
                {
                    '\\' => '\\',
                    '"' => '"',
                    '\'' => '\'',
                    var other => throw new FormatException($"unknown escape \\{other} in {value}"),
                });
            }
            else if (c == quote)
            {
                quote = null;
                if (i + 1 < value.Length && value[i + 1] is not (' ' or '\t'))
                {
                    throw new FormatException($"something follows a closing quote in {value}");
                }
            }
            else if (quote is null && c is ('"' or '\''))
            {
                quote = hasWord ? throw new FormatException($"a quote begins within a word in {value}") : c;
                hasWord = true;
            }
            else if (quote is null && c is (' ' or '\t'))
            {
                if (hasWord)
                {
                    yield return word.ToString();
                }

                word.Clear();
                hasWord = false;
            }
            else
            {
                hasWord = true;
                word.Append(c);
            }
        }

        if (quote is not null)
        {
            throw new FormatException($"a quote is not closed in {value}");
        }

        if (hasWord)
        {
            yield return word.ToString();
        }
    }

    private static string Specifiers(string word, string instance)
    {
        var result = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            result.Append(word[i] != '%' ? word[i].ToString() : word[++i] switch
            {
                '%' => "%",
                'i' => instance,
                var other => throw new FormatException($"unknown specifier %{other} in {word}"),
            });
        }

        return result.ToString();
    }

    private static string[] Expand(string word, IReadOnlyDictionary<string, string> variables)
    {
        if (word.StartsWith('$') && word.Length > 1 && word[1] is not ('$' or '{'))
        {
            return variables.GetValueOrDefault(word[1..], "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        var result = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '$' && i + 1 < word.Length && word[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (word[i] == '$' && i + 1 < word.Length && word[i + 1] == '{')
            {
                var end = word.IndexOf('}', i);
                result.Append(variables.GetValueOrDefault(word[(i + 2)..end], ""));
                i = end;
            }
            else
            {
                result.Append(word[i]);
            }
        }

        return [result.ToString()];
    }
}
