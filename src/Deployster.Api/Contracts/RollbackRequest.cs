namespace Deployster.Api.Contracts;

/// <summary>The body of a request to go back. It may be left out.</summary>
public sealed class RollbackRequest
{
    /// <summary>Environment variables whose values are never shown. They override those of the running version; null removes one.</summary>
    public Dictionary<string, string?>? SecretEnv { get; init; }
}
