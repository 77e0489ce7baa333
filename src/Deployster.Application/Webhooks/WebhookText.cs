using System.Globalization;
using Deployster.Application.History;
using Deployster.Application.Tasks;

namespace Deployster.Application.Webhooks;

/// <summary>Events in a sentence or two, for a chat.</summary>
internal static class WebhookText
{
    /// <summary>The longest text, in characters: some chats take no more. The deploy or task beside it has all of its message.</summary>
    public const int MaxLength = 2000;

    private const int MaxCommandLength = 200;

    public static string Of(string name, DeployRecord deploy)
    {
        var subject = $"Deploy of {deploy.DeployId.Service}:{deploy.DeployId.Version}";
        if (name == WebhookNames.DeployRequested)
        {
            var count = deploy.Intention.Spec.InstanceCount;
            var units = string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "unit" : "units")}");
            return Cut($"{subject} requested{(deploy.Requester is { } by ? $" by {by.User}" : "")}: {units}.", MaxLength);
        }

        var outcome = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('_', ' ');
        return Cut(deploy.Message is { } message ? $"{subject} {outcome}: {message}" : $"{subject} {outcome}.", MaxLength);
    }

    public static string Of(TaskRecord task) => Cut(
        $"Task {Cut(string.Join(' ', task.Command), MaxCommandLength)} of {task.Service}:{task.Version} ended: {task.End}", MaxLength);

    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // Not in the middle of a character that takes two.
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return $"{text[..end]}…";
    }
}
