namespace Deployster.Api.Authentication;

/// <summary>What somebody who is logged in may do.</summary>
internal static class Roles
{
    /// <summary>Everything.</summary>
    public const string Deployer = "deployer";

    /// <summary>Look, and change nothing.</summary>
    public const string Reader = "reader";
}
