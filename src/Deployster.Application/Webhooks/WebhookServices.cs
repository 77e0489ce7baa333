using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Deployster.Application.Webhooks;

/// <summary>Puts together what tells receivers of deploys and tasks.</summary>
public static class WebhookServices
{
    /// <summary>
    /// Adds what tells receivers. The ports <see cref="IWebhookBodies"/>, <see cref="IWebhookSender"/> and
    /// <see cref="IDeliveryStore"/> must be added besides.
    /// </summary>
    public static IServiceCollection AddDeploysterWebhooks(this IServiceCollection services, IReadOnlyList<WebhookReceiver> receivers) =>
        services
            .AddSingleton(receivers)
            .AddSingleton<Outbox>()
            .AddHostedService<WebhookDispatcher>();
}
