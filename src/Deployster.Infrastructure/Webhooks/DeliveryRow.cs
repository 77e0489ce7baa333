using Deployster.Application.Webhooks;
using Deployster.Domain.Names;

namespace Deployster.Infrastructure.Webhooks;

/// <summary>A delivery as the file has it. Its time is in ticks, UTC.</summary>
internal sealed record DeliveryRow
{
    public required string Receiver { get; init; }

    public required string Id { get; init; }

    public required string Service { get; init; }

    public required string Event { get; init; }

    public long Time { get; init; }

    public required string Body { get; init; }

    public static DeliveryRow Of(Delivery delivery) => new()
    {
        Receiver = delivery.Receiver,
        Id = delivery.Id.ToString("D"),
        Service = delivery.Service.Value,
        Event = delivery.Event,
        Time = delivery.Time.UtcTicks,
        Body = delivery.Body,
    };

    /// <summary>The delivery; null where it is none that this version can read.</summary>
    public Delivery? Read() =>
        Guid.TryParse(Id, out var id) && ServiceName.TryParse(Service, out var service)
            ? new Delivery(Receiver, id, service, Event, new DateTimeOffset(Time, TimeSpan.Zero), Body)
            : null;
}
