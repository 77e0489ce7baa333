using System.Text.RegularExpressions;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Writes text so that systemd reads it back unchanged.</summary>
internal static partial class Systemd
{
    /// <summary>A value of <c>Environment=</c>, where nothing but specifiers is expanded.</summary>
    public static string Assignment(string name, string value) => Quote($"{name}={Specifiers(value)}");

    /// <summary>One word of a command line, where variables are expanded, too.</summary>
    public static string Word(string text) => Plain().IsMatch(text) ? text : Quote(Variables(Specifiers(text)));

    /// <summary>Text of no quotes and no backslashes within a quoted word of a command line.</summary>
    public static string WithinWord(string text) => Variables(Specifiers(text));

    private static string Quote(string text) =>
        $"\"{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Specifiers(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    private static string Variables(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=,@+-]+\z")]
    private static partial Regex Plain();
}
