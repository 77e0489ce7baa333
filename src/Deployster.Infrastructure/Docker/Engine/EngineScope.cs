using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>
/// What of an engine is a Deployster's own, where several share it: only containers of its scope are seen or touched. To
/// have no scope is one, too.
/// </summary>
public sealed partial record EngineScope
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 20;

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "lower-case letters and digits, with '-' between them, at most 20 characters";

    /// <summary>The label of what is in a scope.</summary>
    internal const string Label = "deployster.scope";

    private EngineScope(string? name) => Name = name;

    /// <summary>The scope of those that have none.</summary>
    public static EngineScope None { get; } = new((string?)null);

    /// <summary>Its name; null for <see cref="None"/>.</summary>
    public string? Name { get; }

    /// <summary>Reads a scope's name; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EngineScope? scope)
    {
        scope = text is { Length: <= MaxLength } && Grammar().IsMatch(text) ? new EngineScope(text) : null;
        return scope is not null;
    }

    /// <summary>Whether something with these labels is of this scope.</summary>
    internal bool Owns(IEnumerable<KeyValuePair<string, string>>? labels) =>
        labels?.FirstOrDefault(label => label.Key == Label).Value == Name;

    /// <summary>Adds what puts something into this scope to its labels.</summary>
    internal Dictionary<string, string> AddTo(Dictionary<string, string> labels)
    {
        if (Name is not null)
        {
            labels.Add(Label, Name);
        }

        return labels;
    }

    /// <summary>
    /// Adds the scope to the name of a container. Without one that ends in a number or an id after a dash, so that no two
    /// scopes come to the same name.
    /// </summary>
    internal string AddTo(string containerName) => Name is null ? containerName : $"{containerName}.{Name}";

    [GeneratedRegex(@"\A[a-z0-9]+(?:-[a-z0-9]+)*\z")]
    private static partial Regex Grammar();
}
