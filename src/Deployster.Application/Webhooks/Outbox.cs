using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Domain.Rollouts;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Webhooks;

/// <summary>
/// The deliveries that are under way, and those that were lately. Ids follow from events, so that what is made twice, by the
/// history and while it was silent, or by two processes, is one delivery.
/// </summary>
public sealed partial class Outbox(IReadOnlyList<WebhookReceiver> receivers, IWebhookBodies bodies, TimeProvider time, ILogger<Outbox> logger)
{
    /// <summary>How many deliveries may wait for each receiver. Of more, the oldest are dropped.</summary>
    public const int MostForEach = 1000;

    // Events that are older are made by nobody.
    private static readonly TimeSpan s_memory = 2 * WebhookRules.Patience;

    private readonly ImmutableDictionary<string, WebhookReceiver> _receivers = receivers.ToImmutableDictionary(receiver => receiver.Key);
    private readonly Lock _lock = new();
    private readonly List<OutboxLine> _lines = [];
    private readonly Dictionary<DeliveryKey, TimeSpan> _done = [];
    private readonly HashSet<DeliveryKey> _toForget = [];
    private readonly Signal _changed = new();

    /// <summary>Ends when a delivery is added or done with. Take it before looking.</summary>
    internal Task Changed => _changed.Next;

    /// <summary>The lines in which something waits.</summary>
    internal IReadOnlyList<OutboxLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Those that are done with and may still be written down.</summary>
    internal IReadOnlyCollection<DeliveryKey> ToForget
    {
        get
        {
            lock (_lock)
            {
                return [.. _toForget];
            }
        }
    }

    /// <summary>The deliveries of events: one for each receiver.</summary>
    public IReadOnlyList<Delivery> Make(IEnumerable<WebhookEvent> events) => [.. events.SelectMany(Make)];

    /// <summary>Takes deliveries to be sent; those that are known already are not sent twice.</summary>
    public void Add(IEnumerable<Delivery> deliveries)
    {
        lock (_lock)
        {
            foreach (var delivery in deliveries.Where(IsNew).ToList())
            {
                var line = LineOf(delivery);
                line.Waiting.Add((delivery, EndOf(delivery)));
                MakeRoom(line.Receiver);
            }
        }

        _changed.Set();
    }

    /// <summary>Takes the deliveries of a deploy that could not be written down.</summary>
    internal void Hold(DeployRecord deploy) => Add(Make(WebhookRules.Of(default(DeployStatus?), deploy, time.GetUtcNow())));

    /// <summary>Takes the deliveries of a task that could not be written down.</summary>
    internal void Hold(TaskRecord task) => Add(Make(WebhookRules.Of(hadEnded: false, task, time.GetUtcNow())));

    /// <summary>Takes what was written down by the process before: it comes before all that this one adds.</summary>
    internal void AddEarlier(IEnumerable<Delivery> deliveries)
    {
        lock (_lock)
        {
            foreach (var several in deliveries.Where(IsNew).GroupBy(LineOf).ToList())
            {
                several.Key.Waiting.InsertRange(0, several.Select(delivery => (delivery, EndOf(delivery))));
            }
        }

        _changed.Set();
    }

    /// <summary>The delivery that is next in a line; null where none is left.</summary>
    internal Delivery? NextOf(OutboxLine line)
    {
        lock (_lock)
        {
            return line.Waiting.Count == 0 ? null : line.Waiting[0].Delivery;
        }
    }

    /// <summary>Notes that a delivery is done with.</summary>
    internal void Complete(OutboxLine line, Delivery delivery)
    {
        lock (_lock)
        {
            Remove(line, line.Waiting.FindIndex(waiting => waiting.Delivery == delivery));
        }

        _changed.Set();
    }

    /// <summary>Drops those of a line that are not to be tried any more; gives how many.</summary>
    internal int DropOverdue(OutboxLine line)
    {
        var count = 0;
        lock (_lock)
        {
            for (var now = time.GetMonotonicTime(); line.Waiting.FindIndex(waiting => waiting.End <= now) is >= 0 and var overdue; count++)
            {
                Remove(line, overdue);
            }
        }

        _changed.Set();
        return count;
    }

    /// <summary>Notes that deliveries are not written down any more.</summary>
    internal void Forget(IEnumerable<DeliveryKey> deliveries)
    {
        lock (_lock)
        {
            _toForget.ExceptWith(deliveries);
        }
    }

    private IEnumerable<Delivery> Make(WebhookEvent happened)
    {
        var body = new Lazy<string>(() => bodies.Write(happened));
        var text = new Lazy<string>(() => bodies.WriteTextAlone(happened));
        foreach (var receiver in receivers)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{receiver.Key} {happened.Identity}"));
            yield return new Delivery(
                receiver.Key,
                new Guid(hash.AsSpan(0, 16), bigEndian: true),
                happened.Service,
                happened.Name,
                happened.Time,
                receiver.TakesTextAlone ? text.Value : body.Value);
        }
    }

    // Of one that is done with, or whose receiver is none any more, only its record is left.
    private bool IsNew(Delivery delivery)
    {
        var isOver = _done.ContainsKey(delivery.Key) || !_receivers.ContainsKey(delivery.Receiver);
        if (isOver)
        {
            _toForget.Add(delivery.Key);
        }

        return !isOver && !_lines.Exists(line => line.Waiting.Exists(waiting => waiting.Delivery.Key == delivery.Key));
    }

    private OutboxLine LineOf(Delivery delivery)
    {
        var line = _lines.Find(known => known.Receiver.Key == delivery.Receiver && known.Service == delivery.Service);
        if (line is null)
        {
            line = new OutboxLine(_receivers[delivery.Receiver], delivery.Service);
            _lines.Add(line);
        }

        return line;
    }

    // By the wall clock up to now, since it may be from another process; from here on by the one that nobody sets.
    private TimeSpan EndOf(Delivery delivery)
    {
        var age = time.GetUtcNow() - delivery.Time;
        return time.GetMonotonicTime() + WebhookRules.Patience - TimeSpan.FromTicks(Math.Clamp(age.Ticks, 0, WebhookRules.Patience.Ticks));
    }

    private void MakeRoom(WebhookReceiver receiver)
    {
        var lines = _lines.Where(line => line.Receiver == receiver).ToList();
        if (lines.Sum(line => line.Waiting.Count) > MostForEach)
        {
            // The first one may be on its way.
            var longest = lines.MaxBy(line => line.Waiting.Count)!;
            var oldest = Math.Min(1, longest.Waiting.Count - 1);
            LogNoRoom(receiver.Host, longest.Waiting[oldest].Delivery.Event, longest.Service.Value, MostForEach);
            Remove(longest, oldest);
        }
    }

    private void Remove(OutboxLine line, int index)
    {
        if (index < 0)
        {
            return;
        }

        var now = time.GetMonotonicTime();
        foreach (var (old, _) in _done.Where(done => now - done.Value > s_memory).ToList())
        {
            _done.Remove(old);
        }

        var key = line.Waiting[index].Delivery.Key;
        line.Waiting.RemoveAt(index);
        _done[key] = now;
        _toForget.Add(key);
        if (line.Waiting.Count == 0)
        {
            _lines.Remove(line);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Host} is not told {Event} of {Service}: {Most} deliveries wait for it already")]
    private partial void LogNoRoom(string host, string @event, string service, int most);
}
