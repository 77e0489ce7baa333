using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Deployster.Gateway.Log;

/// <summary>The name of a request: what the client calls it, else one that is made for it.</summary>
internal static class RequestId
{
    /// <summary>The header that holds it.</summary>
    public const string Header = "X-Request-Id";

    /// <summary>The request's name, which stays the same however often it is asked for.</summary>
    public static string Of(HttpContext context, RequestRecord record) =>
        record.Id ??= context.Request.Headers[Header] is [{ Length: > 0 } given, ..] ? given : ActivityTraceId.CreateRandom().ToHexString();
}
