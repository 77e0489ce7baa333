using System.Security.Cryptography.X509Certificates;

namespace Deployster.Gateway.Standalone;

/// <summary>Whom a gateway of its own follows.</summary>
/// <param name="Api">The API's address.</param>
/// <param name="Username">The name to log in with.</param>
/// <param name="Password">The password.</param>
public sealed record StandaloneOptions(Uri Api, string Username, string Password)
{
    /// <summary>What the API knows the gateway by; another than that of every other gateway, and the same after a restart.</summary>
    public required string Name { get; init; }

    /// <summary>The folder that keeps the last table.</summary>
    public required string Data { get; init; }

    /// <summary>The certificates that vouch for the API's; null for those that the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }
}
