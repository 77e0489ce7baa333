using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Net.Http.Headers;

namespace Deployster.Api.Errors;

/// <summary>Refuses bodies that are not JSON in UTF-8 before anything tries to read them.</summary>
internal sealed class JsonBodies : IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        if (context.ActionDescriptor.Parameters.Any(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Body
                && !MayBeMissing(parameter.BindingInfo, context.HttpContext))
            && !IsJson(context.HttpContext.Request))
        {
            context.Result = new UnsupportedMediaTypeResult();
        }
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }

    private static bool MayBeMissing(BindingInfo binding, HttpContext context) =>
        binding.EmptyBodyBehavior == EmptyBodyBehavior.Allow
        && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false;

    private static bool IsJson(HttpRequest request) =>
        request.HasJsonContentType()
        && MediaTypeHeaderValue.Parse(request.ContentType).Charset is var charset
        && (!charset.HasValue || HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
