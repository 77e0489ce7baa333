using System.Text;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>Adds what a unit wrote last to the reason for which its deploy ends: it will be gone soon, and its log with it.</summary>
internal sealed partial class LastLines(IFleetClient fleet, TimeProvider time, ILogger<LastLines> logger)
{
    private const int Count = 20;
    private const int MostBytes = 64 * 1024;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(8);

    public async Task<RolloutPlan> AddToAsync(RolloutPlan plan, CancellationToken cancellationToken)
    {
        var reason = plan.Events.LastOrDefault(happened =>
            happened.Kind is RolloutEventKind.GivingUp or RolloutEventKind.Failed && happened.Unit is not null);
        if (reason is null || !fleet.Traits.KeepsLogs || await ReadAsync(reason.Unit!, cancellationToken) is not { Length: > 0 } lines)
        {
            return plan;
        }

        string WithLines(string message) => $"{message}\n{string.Join('\n', lines.Select(line => $"| {line}"))}";
        return plan with
        {
            Events = plan.Events.Replace(reason, reason with { Message = WithLines(reason.Message) }),
            Memory = plan.Memory.GivingUp is { } givingUp
                ? plan.Memory with { GivingUp = givingUp with { Reason = WithLines(givingUp.Reason) } }
                : plan.Memory,
            Outcome = plan.Outcome is { } outcome ? outcome with { Message = WithLines(outcome.Message) } : null,
        };
    }

    private async Task<string[]> ReadAsync(UnitName unit, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var log = await fleet.OpenLogAsync(unit, Count, follow: false, either.Token);
            var text = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await log.ReadAsync(buffer, either.Token) is (_, var count))
            {
                text.Write(buffer, 0, count);
                if (text.Length > 2 * MostBytes)
                {
                    var end = text.GetBuffer().AsSpan((int)text.Length - MostBytes, MostBytes).ToArray();
                    text.SetLength(0);
                    text.Write(end);
                }
            }

            return [.. Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).TrimEnd('\n').Split('\n').TakeLast(Count).Where(line => line.Length > 0).Select(Printable)];
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The decision must not wait for its illustration.
            if (e is not (NotFoundException or LogsNotOfferedException))
            {
                LogNoLines(unit.ToString(), e.Message);
            }

            return [];
        }
    }

    // A control character could make a terminal do things.
    private static string Printable(string line) =>
        string.Concat(line.TrimEnd('\r').Select(c => c == '\t' ? ' ' : char.IsControl(c) ? '\uFFFD' : c));

    [LoggerMessage(LogLevel.Warning, "The last lines of {Unit} cannot be read: {Cause}")]
    private partial void LogNoLines(string unit, string cause);
}
