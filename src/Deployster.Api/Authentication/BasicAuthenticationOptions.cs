using Microsoft.AspNetCore.Authentication;

namespace Deployster.Api.Authentication;

/// <summary>Who may log in.</summary>
internal sealed class BasicAuthenticationOptions : AuthenticationSchemeOptions
{
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";
}
