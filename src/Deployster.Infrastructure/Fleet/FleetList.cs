using System.Collections.Frozen;

namespace Deployster.Infrastructure.Fleet;

/// <summary>One of Fleet's lists, which come in pages. What has no key is left out: it is somebody else's.</summary>
internal sealed class FleetList<TKey, TMessage>(
    FleetTalk talk, Func<string?, CancellationToken, Task<IFleetPage<TMessage>>> readPage, Func<TMessage, TKey?> keyOf)
    where TKey : class
    where TMessage : class
{
    private volatile FrozenSet<TKey>? _last;

    public async Task<IReadOnlyDictionary<TKey, TMessage>> ReadAsync(CancellationToken cancellationToken)
    {
        var messages = new Dictionary<TKey, TMessage>();
        var pageCount = await ReadPagesAsync(messages, cancellationToken);
        if (pageCount > 1 && _last?.IsSubsetOf(messages.Keys) is not true)
        {
            // A unit that is destroyed while the pages are read moves all behind it up, one of them over the edge of
            // a page and out of sight. A unit that is missed would look as if it had been destroyed, so look again.
            await ReadPagesAsync(messages, cancellationToken);
        }

        _last = messages.Keys.ToFrozenSet();
        return messages;
    }

    private async Task<int> ReadPagesAsync(Dictionary<TKey, TMessage> messages, CancellationToken cancellationToken)
    {
        var pageCount = 0;
        string? token = null;
        do
        {
            IFleetPage<TMessage>? page = null;
            await talk.AskAsync(async () => page = await readPage(token, cancellationToken));
            foreach (var message in (page?.Items ?? []).OfType<TMessage>())
            {
                if (keyOf(message) is { } key)
                {
                    messages[key] = message;
                }
            }

            token = page?.NextPageToken;
            pageCount++;
        }
        while (!string.IsNullOrEmpty(token));

        return pageCount;
    }
}
