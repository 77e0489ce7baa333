using System.Runtime.CompilerServices;
using System.Text.Json;
using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Domain.Units;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Deployster.Api.Mapping;

/// <summary>Writes lists of units. Many ask for one at once, and it seldom changes: the same list is written once.</summary>
public sealed class UnitLists(IMapper mapper, IOptions<JsonOptions> json)
{
    private readonly ConditionalWeakTable<IReadOnlyList<Unit>, byte[]> _written = [];

    /// <summary>The answer with a list.</summary>
    public ActionResult Write(IReadOnlyList<Unit> units) => new Written(_written.GetValue(units, Serialize));

    private byte[] Serialize(IReadOnlyList<Unit> units) => JsonSerializer.SerializeToUtf8Bytes(
        new UnitList { Units = mapper.Map<List<UnitResource>>(units) }, json.Value.JsonSerializerOptions);

    private sealed class Written(byte[] body) : ActionResult
    {
        public override async Task ExecuteResultAsync(ActionContext context)
        {
            var response = context.HttpContext.Response;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = body.Length;
            await response.BodyWriter.WriteAsync(body, context.HttpContext.RequestAborted);
        }
    }
}
