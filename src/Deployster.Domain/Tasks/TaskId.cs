using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Deployster.Domain.Names;

namespace Deployster.Domain.Tasks;

/// <summary>Names one run of one task. Later ones sort behind earlier ones.</summary>
public sealed record TaskId
{
    /// <summary>The grammar as a regular expression.</summary>
    public const string Pattern = "^[0-9a-f]{32}$";

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "32 lower-case hexadecimal digits";

    private const int Length = 32;

    private TaskId(string value) => Value = value;

    /// <summary>The id as text.</summary>
    public string Value { get; }

    /// <summary>A new id for a task that is asked for at <paramref name="moment"/>.</summary>
    public static TaskId New(DateTimeOffset moment) => new(Guid.CreateVersion7(moment).ToString("N", CultureInfo.InvariantCulture));

    /// <summary>The id of the task that is the release command of a deploy: whoever carries the deploy on finds it by that.</summary>
    public static TaskId ForRelease(DeployId deployId, DateTimeOffset requestedAt)
    {
        var time = requestedAt.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture);
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(deployId.ToString())));
        return new TaskId($"{time[^12..]}{name}"[..Length]);
    }

    /// <summary>Reads an id; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TaskId? id)
    {
        id = text is { Length: Length } && text.All(char.IsAsciiHexDigitLower) ? new TaskId(text) : null;
        return id is not null;
    }

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is against the <see cref="Rule"/>.</exception>
    public static TaskId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"The task id '{text}' must be {Rule}.");

    /// <inheritdoc />
    public override string ToString() => Value;
}
