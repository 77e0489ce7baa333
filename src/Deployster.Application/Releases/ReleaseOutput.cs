using System.Text;
using Deployster.Application.Rollouts;
using Deployster.Application.Tasks;
using Deployster.Domain.Rollouts;

namespace Deployster.Application.Releases;

/// <summary>Tells what a release command writes as events of its deploy: what comes together is one event.</summary>
internal static class ReleaseOutput
{
    // The events are kept for as long as the deploy is; all of the output stands in the task.
    private const int MaxLength = 64 * 1024;
    private const int MaxCount = 1000;

    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(200);

    /// <summary>Tells it to its end.</summary>
    public static async Task TellAsync(LiveRollout rollout, IKeptOutput output, TimeProvider time, CancellationToken cancellationToken)
    {
        using var kept = output;
        var decoder = Encoding.UTF8.GetDecoder();
        var gathered = new StringBuilder();
        var (told, count) = (0, 0);

        // What a Deployster before has told is not told again.
        var skip = rollout.Events.Where(happened => happened.Happened.Kind == RolloutEventKind.ReleaseOutput)
            .Sum(happened => happened.Happened.Message.Count(c => c == '\n') + 1);
        var since = time.GetMonotonicTime();
        try
        {
            await foreach (var chunk in output.ReadAsync(cancellationToken))
            {
                var text = new char[Encoding.UTF8.GetMaxCharCount(chunk.Bytes.Length)];
                gathered.Append(text.AsSpan(0, decoder.GetChars(chunk.Bytes.Span, text, flush: false)));
                if (!chunk.HasMore || time.GetMonotonicTime() - since >= s_gathering)
                {
                    Tell(isLast: false);
                    since = time.GetMonotonicTime();
                }
            }

            Tell(isLast: true);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next Deployster tells it.
        }

        // Whole lines, but at the end.
        void Tell(bool isLast)
        {
            var text = gathered.ToString();
            var end = isLast ? text.Length : text.LastIndexOf('\n') + 1;
            gathered.Remove(0, end);
            if (end == 0 || told > MaxLength || count > MaxCount)
            {
                return;
            }

            var all = text[..end].Replace("\r\n", "\n", StringComparison.Ordinal);
            var split = (all.EndsWith('\n') ? all[..^1] : all).Split('\n');
            var lines = string.Join('\n', split.Skip(skip));
            skip = Math.Max(0, skip - split.Length);
            if (lines.Length == 0)
            {
                return;
            }

            (told, count) = (told + lines.Length, count + 1);
            rollout.Tell(time.GetUtcNow(), new RolloutEvent(
                RolloutEventKind.ReleaseOutput, told <= MaxLength && count <= MaxCount ? lines : $"{lines[..Math.Min(lines.Length, MaxLength)]}\nWhat follows stands in the output of the task."));
        }
    }
}
