using System.Security.Cryptography;

namespace Deployster.Infrastructure.Fleet;

/// <summary>
/// One of Fleet's lists, which come in pages. What has no key is left out: it is somebody else's. A page that is the same,
/// byte for byte, as at the last reading is not parsed again.
/// </summary>
internal sealed class FleetList<TKey, TMessage>(
    FleetTalk talk,
    Func<string?, CancellationToken, Task<HttpContent>> readPage,
    Func<Stream, IFleetPage<TMessage>?> parse,
    Func<TMessage, TKey?> keyOf)
    where TKey : class
    where TMessage : class
{
    private volatile Reading _last = new([], new Dictionary<TKey, TMessage>());

    /// <summary>All entries; the same object as at the last reading where nothing has changed since.</summary>
    public async Task<IReadOnlyDictionary<TKey, TMessage>> ReadAsync(CancellationToken cancellationToken)
    {
        var last = _last;
        var pages = await ReadPagesAsync(last.Pages, cancellationToken);
        if (pages.SequenceEqual(last.Pages) && last.IsWhole)
        {
            return last.Entries;
        }

        var entries = new Dictionary<TKey, TMessage>();
        AddAll(pages, entries);
        var isWhole = pages.Count <= 1 || last.Entries.Keys.All(entries.ContainsKey);
        if (!isWhole)
        {
            // A unit that is destroyed while the pages are read moves all behind it up, one of them over the edge of
            // a page and out of sight. A unit that is missed would look as if it had been destroyed, so look again.
            pages = await ReadPagesAsync(pages, cancellationToken);
            AddAll(pages, entries);
        }

        _last = new Reading(pages, entries) { IsWhole = isWhole };
        return entries;
    }

    private async Task<IReadOnlyList<Page>> ReadPagesAsync(IReadOnlyList<Page> before, CancellationToken cancellationToken)
    {
        var pages = new List<Page>();
        do
        {
            var token = pages.Count == 0 ? null : pages[^1].NextToken;
            var known = pages.Count < before.Count ? before[pages.Count] : null;
            Page? page = null;
            await talk.AskAsync(async () =>
            {
                using var content = await readPage(token, cancellationToken);
                page = Read(await content.ReadAsStreamAsync(cancellationToken), known);
            });
            pages.Add(page!);
        }
        while (!string.IsNullOrEmpty(pages[^1].NextToken));

        return pages;
    }

    private Page Read(Stream body, Page? known)
    {
        var hash = SHA256.HashData(body);
        if (known is not null && hash.AsSpan().SequenceEqual(known.Hash))
        {
            return known;
        }

        body.Position = 0;
        var page = parse(body);
        return new Page(
            hash,
            [
                .. from message in (page?.Items ?? []).OfType<TMessage>()
                   let key = keyOf(message)
                   where key is not null
                   select KeyValuePair.Create(key, message),
            ],
            page?.NextPageToken);
    }

    private static void AddAll(IEnumerable<Page> pages, Dictionary<TKey, TMessage> entries)
    {
        foreach (var (key, message) in pages.SelectMany(page => page.Entries))
        {
            entries[key] = message;
        }
    }

    // Compared as an object: the same page is the same content.
    private sealed class Page(byte[] hash, IReadOnlyList<KeyValuePair<TKey, TMessage>> entries, string? nextToken)
    {
        public byte[] Hash => hash;

        public IReadOnlyList<KeyValuePair<TKey, TMessage>> Entries => entries;

        public string? NextToken => nextToken;
    }

    private sealed record Reading(IReadOnlyList<Page> Pages, IReadOnlyDictionary<TKey, TMessage> Entries)
    {
        /// <summary>Whether the entries are those of the pages, and no more.</summary>
        public bool IsWhole { get; init; }
    }
}
