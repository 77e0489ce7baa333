using System.Text.RegularExpressions;
using Deployster.Testing;
using FluentAssertions;

namespace Deployster.EndToEnd.Tests;

/// <summary>
/// The commands of a document and what it prints beneath them, between its marks <c>&lt;!-- examples --&gt;</c>. They are one
/// session of a shell, as though somebody pasted one after the other.
/// </summary>
internal static partial class PrintedExamples
{
    private const char Separator = '\x1e';

    /// <summary>
    /// Runs the commands in their order; they must answer as printed, but for times, ports, ids, and what is seen on the way
    /// to running. Where the documents are renewed, what they answer is printed anew.
    /// </summary>
    /// <param name="document">The document's path.</param>
    /// <param name="variables">What comes in the place of the first commands, which set the document's variables.</param>
    public static async Task CheckAsync(string document, string variables)
    {
        var text = await File.ReadAllTextAsync(document);
        var marked = Marked().Match(text);
        var blocks = Block().Matches(marked.Value).Skip(1).ToList();
        blocks.Should().NotBeEmpty();
        var script = string.Join('\n', blocks.Select(block => $"{block.Groups["script"].Value}\nprintf '\\x1e'"));

        var answers = (await Shell.RunAsync($"set -eu\n{variables}\n{script}")).Split(Separator);

        if (ProjectFolder.RenewsDocs)
        {
            var left = new Queue<string>(answers.Prepend(""));
            var renewed = Block().Replace(marked.Value, block => Renewed(block, left.Dequeue()));
            await File.WriteAllTextAsync(document, text.Replace(marked.Value, renewed, StringComparison.Ordinal));
            return;
        }

        foreach (var (block, answer) in blocks.Zip(answers))
        {
            Masked(answer).Should().Be(Masked(block.Groups["output"].Value), "of {0}", block.Groups["script"].Value);
        }
    }

    private static string Renewed(Match block, string answer) => block.Groups["output"] is { Success: true } output
        ? $"{block.Value[..(output.Index - block.Index)]}{answer.Trim('\n')}\n```"
        : block.Value;

    private static string Masked(string text)
    {
        var masked = Trace().Replace(text.Trim(), "TRACE");
        masked = Timestamp().Replace(masked, "TIMESTAMP");
        masked = Time().Replace(masked, "TIME");
        masked = Id().Replace(masked, "ID");
        masked = Endpoint().Replace(masked, "ENDPOINT");
        masked = Machine().Replace(masked, "MACHINE");
        masked = Cursor().Replace(masked, "CURSOR");
        masked = Restarts().Replace(masked, "RESTARTS");
        masked = Number().Replace(masked, "NUMBER");

        // What is seen on the way to running depends on the machine, and units become healthy in any order.
        masked = Passing().Replace(masked, "");
        return Healthy().Replace(masked, lines => string.Concat(
            lines.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(line => $"{line}\n")));
    }

    [GeneratedRegex("<!-- examples -->.*<!-- /examples -->", RegexOptions.Singleline)]
    private static partial Regex Marked();

    [GeneratedRegex(@"```sh\n(?<script>((?!```).)*)```(\n```(json|text)\n(?<output>.*?)```)?", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")]
    private static partial Regex Trace();

    [GeneratedRegex(@"\d{4}\.\d{2}\.\d{2}-\d{2}\.\d{2}\.\d{2}")]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"(\d{4}-\d{2}-\d{2}T)?\d{2}:\d{2}:\d{2}(\.\d+)?(\+00:00)?")]
    private static partial Regex Time();

    [GeneratedRegex("[0-9a-f]{32}|[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex(@"(127\.0\.0\.1|172\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|10\.\d+\.\d+\.\d+):\d+")]
    private static partial Regex Endpoint();

    [GeneratedRegex("(?<=\"machine_id\": ?)\"[^\"]+\"")]
    private static partial Regex Machine();

    [GeneratedRegex("(?<=\"next_cursor\": ?)\"[^\"]+\"")]
    private static partial Regex Cursor();

    [GeneratedRegex(@"restarted \d times")]
    private static partial Regex Restarts();

    // An event's number depends on how many came before it.
    [GeneratedRegex(@"(?<=""id"":|\bid: )\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"(TIME \S+ is healthy\n){2,}")]
    private static partial Regex Healthy();

    [GeneratedRegex(@"TIME \S+ is (waiting|preparing|starting|running|restarting)( \(.*)?\n")]
    private static partial Regex Passing();
}
