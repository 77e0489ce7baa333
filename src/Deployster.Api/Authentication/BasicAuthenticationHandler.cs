using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Deployster.Api.Authentication;

/// <summary>HTTP Basic authentication, RFC 7617.</summary>
internal sealed class BasicAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Logins logins)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Basic";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || !AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header)
            || !SchemeName.Equals(header.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var (user, password) = ReadCredentials(header.Parameter);
        var (role, refusal) = await logins.TryAsync(user, password, Context.Connection.RemoteIpAddress, Context.RequestAborted);
        return role is not null ? AuthenticateResult.Success(TicketOf(user, role))
            : refusal is { } wait ? AuthenticateResult.Fail(new LoginRefusedException(wait))
            : AuthenticateResult.Fail("The user name or the password is wrong.");
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        if (result.Failure is LoginRefusedException refused)
        {
            Response.Headers.RetryAfter = refused.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            await WriteProblemAsync(StatusCodes.Status429TooManyRequests, refused.Message);
            return;
        }

        Response.Headers.WWWAuthenticate = "Basic realm=\"Deployster\", charset=\"UTF-8\"";
        await WriteProblemAsync(
            StatusCodes.Status401Unauthorized,
            result.Failure?.Message ?? "A user name and a password are asked for, by HTTP Basic authentication.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => WriteProblemAsync(
        StatusCodes.Status403Forbidden, $"{Context.User.Identity?.Name} may look, and change nothing: the role is {Roles.Reader}.");

    private Task WriteProblemAsync(int status, string detail) =>
        Results.Problem(statusCode: status, detail: detail).ExecuteAsync(Context);

    // What cannot be read has no name, and nobody has that one.
    private static (string User, string Password) ReadCredentials(string? parameter)
    {
        try
        {
            var credentials = new UTF8Encoding(false, throwOnInvalidBytes: true)
                .GetString(Convert.FromBase64String(parameter ?? ""))
                .Split(':', 2);
            return credentials is [var user, var password] ? (user, password) : ("", "");
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return ("", "");
        }
    }

    private AuthenticationTicket TicketOf(string user, string role) => new(
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, user), new Claim(ClaimTypes.Role, role)], Scheme.Name)),
        Scheme.Name);
}
