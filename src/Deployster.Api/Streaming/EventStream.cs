using System.Net.ServerSentEvents;
using System.Text.Json;
using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Application.History;
using Deployster.Application.Routing;
using Deployster.Gateway.Standalone;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Deployster.Api.Streaming;

/// <summary>Writes events as server-sent events, each sent as it happens.</summary>
internal static class EventStream
{
    public static Task WriteAsync(
        HttpContext context, IAsyncEnumerable<DeployEvent> events, IMapper mapper, CancellationToken cancellationToken) =>
        WriteAsync(context, ToItems(events, mapper), cancellationToken);

    public static Task WriteAsync(
        HttpContext context, IAsyncEnumerable<RoutingTable> tables, CancellationToken cancellationToken) =>
        WriteAsync(context, ToItems(tables), cancellationToken);

    private static async Task WriteAsync<T>(
        HttpContext context, IAsyncEnumerable<SseItem<T>> items, CancellationToken cancellationToken)
    {
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        context.Response.BeginStream("text/event-stream");
        await context.Response.Body.FlushAsync(cancellationToken);
        try
        {
            await SseFormatter.WriteAsync(
                items,
                context.Response.Body,
                (item, buffer) =>
                {
                    using var writer = new Utf8JsonWriter(buffer);
                    JsonSerializer.Serialize(writer, item.Data, json);
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private static async IAsyncEnumerable<SseItem<RoutesDocument>> ToItems(IAsyncEnumerable<RoutingTable> tables)
    {
        await foreach (var table in tables)
        {
            yield return new SseItem<RoutesDocument>(RoutesDocument.Of(table), "routes");
        }
    }

    private static async IAsyncEnumerable<SseItem<EventResource>> ToItems(IAsyncEnumerable<DeployEvent> events, IMapper mapper)
    {
        await foreach (var happened in events)
        {
            var resource = mapper.Map<EventResource>(happened);
            var kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(resource.Kind.ToString());
            yield return new SseItem<EventResource>(resource, kind)
            {
                EventId = happened.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            };
        }
    }
}
