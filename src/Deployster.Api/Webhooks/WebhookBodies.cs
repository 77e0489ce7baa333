using System.Text.Json;
using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Api.Json;
using Deployster.Application.Webhooks;

namespace Deployster.Api.Webhooks;

/// <summary>Writes events as receivers get them: as the API shows deploys and tasks to a reader.</summary>
internal sealed class WebhookBodies(IMapper mapper) : IWebhookBodies
{
    private static readonly JsonSerializerOptions s_json = CreateJson();

    public string Write(WebhookEvent happened)
    {
        if (happened.Task is not null)
        {
            var task = mapper.Map<TaskResource>(happened.Task);
            return JsonSerializer.Serialize(new TaskWebhook { Event = happened.Name, Text = happened.Text, Task = task }, s_json);
        }

        var deploy = mapper.Map<DeployResource>(happened.Deploy);
        return JsonSerializer.Serialize(new DeployWebhook { Event = happened.Name, Text = happened.Text, Deploy = deploy }, s_json);
    }

    // A chat takes these three for the beginning of its commands, and a unit's last lines may hold any: <!channel>.
    public string WriteTextAlone(WebhookEvent happened) => JsonSerializer.Serialize(
        new
        {
            Text = happened.Text
                .Replace("&", "&amp;", StringComparison.Ordinal)
                .Replace("<", "&lt;", StringComparison.Ordinal)
                .Replace(">", "&gt;", StringComparison.Ordinal),
        },
        s_json);

    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        JsonRules.Apply(options);
        return options;
    }
}
