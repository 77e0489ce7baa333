using System.Runtime.CompilerServices;
using System.Text.Json;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway.Standalone;

/// <summary>Routes that are kept in a file, so that a gateway that starts while the API is away serves by the last table.</summary>
internal sealed partial class KeptRoutes(IRouteSource source, string file, ILogger<KeptRoutes> logger) : IRouteSource
{
    private bool _isRead;

    public async IAsyncEnumerable<RoutingTable> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var kept = 0L;

        // Whoever follows again has had a newer one, or could not use this one.
        if (!_isRead)
        {
            _isRead = true;
            if (Read() is { } last)
            {
                kept = last.Version;
                yield return last;
            }
        }

        await foreach (var table in source.FollowAsync(cancellationToken))
        {
            yield return table;
            if (table.Version != kept)
            {
                await KeepAsync(table, cancellationToken);
                kept = table.Version;
            }
        }
    }

    public Task TellDrainedAsync(UnitName unit, long version, CancellationToken cancellationToken) =>
        source.TellDrainedAsync(unit, version, cancellationToken);

    private RoutingTable? Read()
    {
        try
        {
            return File.Exists(file)
                ? JsonSerializer.Deserialize<RoutesDocument>(File.ReadAllBytes(file), RoutesJson.Options)?.Read()
                : null;
        }
        catch (Exception e)
        {
            // Whatever it holds, the API tells the routes anew.
            LogNotRead(file, e.Message);
            return null;
        }
    }

    private async Task KeepAsync(RoutingTable table, CancellationToken cancellationToken)
    {
        try
        {
            // Whoever reads it finds a whole table, whenever this process ends.
            var next = $"{file}.next";
            await File.WriteAllBytesAsync(
                next, JsonSerializer.SerializeToUtf8Bytes(RoutesDocument.Of(table), RoutesJson.Options), cancellationToken);
            File.Move(next, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(file, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The last routes, {File}, cannot be read: {Cause}")]
    private partial void LogNotRead(string file, string cause);

    [LoggerMessage(LogLevel.Warning, "The routes cannot be kept in {File}: {Cause}")]
    private partial void LogNotKept(string file, string cause);
}
