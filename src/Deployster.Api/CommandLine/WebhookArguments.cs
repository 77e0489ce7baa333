using System.CommandLine;
using Deployster.Application.Webhooks;

namespace Deployster.Api.CommandLine;

/// <summary>The options of who is told of deploys and tasks. What they hold is secret: no message and no help repeats it.</summary>
internal sealed class WebhookArguments
{
    // Without a default, which the help would show: the environment's URLs are secret, too.
    private readonly Option<string[]> _urls = new("-webhook")
    {
        Description = "Whom to tell of deploys and tasks, as https://example.com/hook; slack+https://… for a chat that takes a text. Several with ',' between them, or by giving the option again.",
        HelpName = "url,...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _secretFile = Arguments.Text("-webhook-secret-file", "file", "A file with the key that what -webhook is told is signed with.");

    public void AddTo(Command command)
    {
        command.Options.Add(_urls);
        command.Options.Add(_secretFile);
    }

    /// <exception cref="UsageException">One of them is no URL.</exception>
    public IReadOnlyList<WebhookReceiver> Read(ParseResult parsed)
    {
        var given = parsed.GetValue(_urls) is { Length: > 0 } urls ? urls : [Arguments.FromEnvironment(_urls.Name) ?? ""];
        return
        [
            .. given
                .SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select((url, index) => WebhookReceiver.Read(url) ?? throw new UsageException(
                    $"{_urls.Name} must be URLs of http, https, slack+http or slack+https, as https://example.com/hook, with ',' between them: number {index + 1} is none."))
                .Distinct(),
        ];
    }

    /// <summary>The key that the file gives; null where none does.</summary>
    /// <exception cref="UsageException">It cannot be read, or is empty.</exception>
    public byte[]? ReadSecret(ParseResult parsed)
    {
        if (Arguments.ReadFile(_secretFile.Name, parsed.GetValue(_secretFile)) is not { } file)
        {
            return null;
        }

        // An editor ends the last line; a key it is without that.
        var secret = File.ReadAllBytes(file).AsSpan().TrimEnd("\r\n"u8);
        return secret.Length > 0 ? secret.ToArray() : throw new UsageException($"{_secretFile.Name}: {file} is empty.");
    }
}
