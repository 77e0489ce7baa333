using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using Known = Microsoft.Net.Http.Headers.HeaderNames;

namespace Deployster.Gateway.Http1;

/// <summary>The names of headers as text, without making the same one again and again.</summary>
internal static class HeaderNames
{
    /// <summary>The characters of a name, those of a token, RFC 9110, section 5.6.2.</summary>
    public const string Characters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_known = typeof(Known)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (string)field.GetValue(null)!)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name, in the spelling that is usual.</summary>
    public static string Of(ReadOnlySpan<byte> name)
    {
        if (name.Length > 64)
        {
            return Encoding.ASCII.GetString(name);
        }

        Span<char> text = stackalloc char[64];
        text = text[..Encoding.ASCII.GetChars(name, text)];
        return s_known.TryGetValue(text, out var known) ? known : text.ToString();
    }
}
