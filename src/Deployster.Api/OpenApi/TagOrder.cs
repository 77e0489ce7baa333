using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>Tells the kinds of operations in the order in which one comes to need them.</summary>
internal sealed class TagOrder : IDocumentFilter
{
    private static readonly (string Name, string Description)[] s_tags =
    [
        ("Deploys", "Bring a version of a service to run, watch it, take it away."),
        ("Units", "The running instances of a service."),
        ("Tasks", "One-off commands in the images of services."),
        ("Services", "What runs, how many of it, and the way back."),
        ("Routes", "What gateways on other machines ask for."),
        ("Version", "What answers here."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Tags = s_tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();

        // Sorted here, so that the document does not depend on the order in which the framework finds controllers.
        var paths = new OpenApiPaths();
        foreach (var (path, item) in swaggerDoc.Paths.OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            paths[path] = item;
        }

        swaggerDoc.Paths = paths;
    }
}
