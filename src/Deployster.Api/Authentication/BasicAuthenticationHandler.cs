using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Deployster.Api.Authentication;

/// <summary>HTTP Basic authentication, RFC 7617.</summary>
internal sealed class BasicAuthenticationHandler(
    IOptionsMonitor<BasicAuthenticationOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<BasicAuthenticationOptions>(options, logger, encoder)
{
    public const string SchemeName = "Basic";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header)
            || !SchemeName.Equals(header.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(
            ReadCredentials(header.Parameter) is ({ } user, { } password) && IsRight(user, password)
                ? AuthenticateResult.Success(TicketOf(user))
                : AuthenticateResult.Fail("The user name or the password is wrong."));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Basic realm=\"Deployster\", charset=\"UTF-8\"";
        var result = await HandleAuthenticateOnceSafeAsync();
        await Results.Problem(
            statusCode: StatusCodes.Status401Unauthorized,
            detail: result.Failure?.Message ?? "A user name and a password are asked for, by HTTP Basic authentication.")
            .ExecuteAsync(Context);
    }

    private static (string? User, string? Password) ReadCredentials(string? parameter)
    {
        try
        {
            var credentials = new UTF8Encoding(false, throwOnInvalidBytes: true)
                .GetString(Convert.FromBase64String(parameter ?? ""))
                .Split(':', 2);
            return credentials is [var user, var password] ? (user, password) : default;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return default;
        }
    }

    // Both are always compared, and their hashes are of one length: the time tells nothing.
    private bool IsRight(string user, string password) =>
        IsSame(user, Options.Username) & IsSame(password, Options.Password);

    private static bool IsSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    private AuthenticationTicket TicketOf(string user) =>
        new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], Scheme.Name)), Scheme.Name);
}
