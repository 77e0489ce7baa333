namespace Deployster.Api.Authentication;

/// <summary>Nobody can log in from an address for a while.</summary>
/// <param name="wait">For how long.</param>
internal sealed class LoginRefusedException(TimeSpan wait) : Exception("Too many logins from this address have failed; try again later.")
{
    /// <summary>For how long, in whole seconds.</summary>
    public int RetryAfterSeconds { get; } = (int)Math.Ceiling(wait.TotalSeconds);
}
