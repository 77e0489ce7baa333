using Deployster.Api.CommandLine;
using Deployster.Application.Webhooks;
using Deployster.Infrastructure.Webhooks;

namespace Deployster.Api.Webhooks;

/// <summary>Puts together what tells receivers, where there are any.</summary>
internal static class WebhookSetup
{
    public static void AddWebhooks(this IServiceCollection services, DeploysterOptions options)
    {
        if (options.Webhooks.Count > 0)
        {
            services
                .AddSingleton<IWebhookBodies, WebhookBodies>()
                .AddDeploysterWebhooks(options.Webhooks)
                .AddWebhookSender(options.WebhookSecret);
        }
    }
}
