using System.Security.Claims;
using Deployster.Api.Authentication;
using Deployster.Api.CommandLine;
using Deployster.Api.Streaming;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Deployster.Api.Security;

/// <summary>Who may reach the API, from where, and with how much.</summary>
internal static class SurfaceSecurity
{
    /// <summary>The largest body that a request may have.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    }

    public static void AddSurfaceSecurity(this IServiceCollection services, DeploysterOptions options)
    {
        services.AddSingleton(provider => new UserDirectory(options, provider.GetRequiredService<ILogger<UserDirectory>>()));
        services.AddSingleton<FailedLogins>();
        services.AddSingleton<Logins>();

        // Not AddAuthentication: it keeps keys for cookies, which there are none of, on the disk.
        services.AddWebEncoders();
        new AuthenticationBuilder(services.AddAuthenticationCore(authentication => authentication.DefaultScheme = BasicAuthenticationHandler.SchemeName))
            .AddScheme<AuthenticationSchemeOptions, BasicAuthenticationHandler>(BasicAuthenticationHandler.SchemeName, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireAssertion(access => access.Resource is HttpContext context && MayAsk(context.User, context.Request.Method))
            .Build());
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.CorsOrigins])
            .WithMethods("GET", "POST", "PUT", "DELETE")
            .AllowAnyHeader()
            .WithExposedHeaders("Location", "Retry-After", TaskOutputResponse.IdHeader)));
    }

    /// <summary>Must come after the routing and before whatever answers.</summary>
    /// <exception cref="UsageException">The users file cannot be read.</exception>
    public static void UseSurfaceSecurity(this WebApplication app, DeploysterOptions options)
    {
        // A users file that cannot be read must stop the start.
        app.Services.GetRequiredService<UserDirectory>();
        if (options.HasDefaultPassword)
        {
            app.Use(LocalHostGuard.InvokeAsync);
        }

        if (options.CorsOrigins.Count > 0)
        {
            app.UseCors();
        }

        app.Use(new CrossSiteGuard(options.CorsOrigins).InvokeAsync);
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static bool MayAsk(ClaimsPrincipal user, string method) =>
        CrossSiteGuard.IsSafe(method) || user.IsInRole(Roles.Deployer);
}
