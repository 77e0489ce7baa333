using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;

namespace Deployster.Api.CommandLine;

/// <summary>How options are declared and read, whichever command they belong to.</summary>
internal static class Arguments
{
    public static Option<string> Text(string name, string value, string description, string otherwise) =>
        new(name)
        {
            Description = description,
            HelpName = value,
            DefaultValueFactory = _ => FromEnvironment(name) ?? otherwise,
        };

    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, DefaultValueFactory = _ => FromEnvironment(name) };

    /// <summary>Lets an option be given with nothing after its sign, which then is its value.</summary>
    public static void LetBeEmpty(Option<string?> option, string? otherwise)
    {
        option.Arity = ArgumentArity.ZeroOrOne;
        option.DefaultValueFactory = result => result.Parent is OptionResult { IdentifierToken: not null }
            ? ""
            : FromEnvironment(option.Name) ?? otherwise;
    }

    public static string? FromEnvironment(string option) =>
        Environment.GetEnvironmentVariable($"DEPLOYSTER_{option[1..].ToUpperInvariant().Replace('-', '_')}");

    public static string DefaultDataFolder() => Environment.IsPrivilegedProcess
        ? "/var/lib/deployster"
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "deployster");

    /// <summary>Whether somebody gave the option, on the command line or in the environment.</summary>
    public static bool IsGiven(ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Implicit: false } || FromEnvironment(option.Name) is not null;

    /// <exception cref="UsageException">It is no number within the bounds.</exception>
    public static int ReadNumber(string option, string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new UsageException($"{option} must be a whole number from {min} to {max}, not '{text}'.");

    /// <exception cref="UsageException">It is no address with a port.</exception>
    public static IPEndPoint ReadEndPoint(string option, string text)
    {
        var address = text.StartsWith("localhost:", StringComparison.Ordinal) ? $"127.0.0.1{text["localhost".Length..]}"
            : text.StartsWith(':') ? $"0.0.0.0{text}"
            : text;
        return address.Contains(':') && IPEndPoint.TryParse(address, out var endPoint)
            ? endPoint
            : throw new UsageException($"{option} must be address:port, as 127.0.0.1:3000, not '{text}'.");
    }

    /// <exception cref="UsageException">It is no file that can be read.</exception>
    public static string? ReadFile(string option, string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        try
        {
            using var file = File.OpenRead(path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }

    /// <summary>The password that an option, the environment or a file gives; null where none does.</summary>
    /// <exception cref="UsageException">Two of them do, or the file is empty.</exception>
    public static string? ReadPassword(ParseResult parsed, Option<string?> option, Option<string?> fileOption)
    {
        var password = parsed.GetValue(option) ?? FromEnvironment(option.Name);
        if (ReadFile(fileOption.Name, parsed.GetValue(fileOption)) is { } file)
        {
            password = string.IsNullOrEmpty(password)
                ? File.ReadAllText(file).TrimEnd('\r', '\n')
                : throw new UsageException($"{option.Name} and {fileOption.Name} exclude each other.");
            if (password.Length == 0)
            {
                throw new UsageException($"{fileOption.Name}: {file} is empty.");
            }
        }

        return string.IsNullOrEmpty(password) ? null : password;
    }
}
