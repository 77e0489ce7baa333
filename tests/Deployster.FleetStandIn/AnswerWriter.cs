using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Deployster.FleetStandIn;

/// <summary>Writes answers, those that go wrong as well.</summary>
internal static class AnswerWriter
{
    public static async Task WriteAsync(HttpContext context, FaultKind? fault, Answer answer)
    {
        if (fault == FaultKind.Garbled)
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html>", context.RequestAborted);
            return;
        }

        if (answer.Status is null)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status.Value;
        context.Response.Headers.Server = "fleetd/1.0.0+git";
        if (answer.Body is null)
        {
            return;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(answer.Body, answer.Body.GetType(), FleetJson.Options);
        context.Response.ContentType = "application/json";
        var half = body.AsMemory(0, (body.Length + 1) / 2);
        switch (fault)
        {
            case FaultKind.CutOff:
                // Kestrel closes the connection over an answer that stays shorter than was promised.
                context.Response.ContentLength = body.Length + 1;
                await context.Response.Body.WriteAsync(body, context.RequestAborted);
                break;
            case FaultKind.CutOffInChunks:
                await context.Response.Body.WriteAsync(half, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                break;
            case FaultKind.Halved:
                context.Response.ContentLength = half.Length;
                await context.Response.Body.WriteAsync(half, context.RequestAborted);
                break;
            default:
                context.Response.ContentLength = body.Length;
                await context.Response.Body.WriteAsync(body, context.RequestAborted);
                break;
        }
    }
}
