namespace Deployster.Api.Contracts;

/// <summary>The body of a request to go back. It may be left out.</summary>
public sealed class RollbackRequest
{
    /// <summary>Whether the release command of the deploy that comes back runs again. The default is no.</summary>
    public bool Release { get; init; }

    /// <summary>Environment variables whose values are never shown. They override those of the running version; null removes one.</summary>
    public Dictionary<string, string?>? SecretEnv { get; init; }
}
