namespace Deployster.Domain.Specs;

/// <summary>A folder in memory, written as <c>docker run --tmpfs</c> takes it: <c>/run:size=64m</c>.</summary>
/// <param name="Target">The path in the container.</param>
/// <param name="Options">The options of mount with commas between them; empty for none.</param>
public sealed record TmpfsMount(string Target, string Options = "")
{
    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "a path from '/' that is not '/' itself, with options of mount behind ':' or without, as /run:size=64m, without control characters, at most 512 characters";

    private const int MaxLength = 512;

    /// <summary>Reads one; null where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static TmpfsMount? Read(string text)
    {
        var parts = text.Split(':');
        return text.Length <= MaxLength && PlainText.IsOneLine(text) && parts.Length <= 2
            && parts[0].StartsWith('/') && parts[0].Trim('/') != "" && parts[^1] != ""
                ? new TmpfsMount(parts[0], parts is [_, var options] ? options : "")
                : null;
    }

    /// <summary><c>/run:size=64m</c></summary>
    public override string ToString() => Options is "" ? Target : $"{Target}:{Options}";
}
