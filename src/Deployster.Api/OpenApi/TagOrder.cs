using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>Lists the tags of operations in the order in which users need them.</summary>
internal sealed class TagOrder : IDocumentFilter
{
    private static readonly (string Name, string Description)[] s_tags =
    [
        ("Deploys", "Deploy a version of a service, watch it, destroy it."),
        ("Units", "The running instances of a service."),
        ("Tasks", "One-off commands in the images of services."),
        ("Services", "List services, scale them, roll them back."),
        ("Routes", "For gateways on other machines."),
        ("Prune", "Remove images and containers that are not needed any more."),
        ("Version", "The version of this server."),
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
