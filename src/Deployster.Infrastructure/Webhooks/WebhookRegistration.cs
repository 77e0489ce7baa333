using Deployster.Application.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Deployster.Infrastructure.Webhooks;

/// <summary>Registers what sends deliveries, and what remembers them.</summary>
public static class WebhookRegistration
{
    /// <summary>Adds <see cref="IWebhookSender"/>, and <see cref="IDeliveryStore"/> in the history.</summary>
    /// <param name="services">The services, with the history among them.</param>
    /// <param name="secret">The key of the signatures; null for none.</param>
    public static IServiceCollection AddWebhookSender(this IServiceCollection services, byte[]? secret) =>
        services
            .AddSingleton(new WebhookSecret(secret))
            .AddSingleton<IWebhookSender, HttpWebhookSender>()
            .AddSingleton<DeliveryTable>()
            .AddSingleton<IDeliveryStore>(provider => provider.GetRequiredService<DeliveryTable>());
}
