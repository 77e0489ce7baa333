using System.Net;

namespace Deployster.Api.Authentication;

/// <summary>Decides who is logged in.</summary>
internal sealed partial class Logins(UserDirectory directory, FailedLogins failures, ILogger<Logins> logger) : IDisposable
{
    // One after the other: many tries at once must not outrun the count, nor take more than one processor.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Tries a name and a password.</summary>
    /// <returns>The role; or how long nobody can log in from the address; or neither, where something is wrong.</returns>
    public async Task<(string? Role, TimeSpan? Refusal)> TryAsync(
        string name, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        if (Recognise(name, password, address) is { IsKnown: true } known)
        {
            return (known.Role, known.Refusal);
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Recognise(name, password, address) is { IsKnown: true } meanwhile)
            {
                return (meanwhile.Role, meanwhile.Refusal);
            }

            var role = directory.Current.Verify(name, password);
            if (role is null)
            {
                failures.Add(address);
                LogFailed(Printable(name), address);
            }

            return (role, null);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private (bool IsKnown, string? Role, TimeSpan? Refusal) Recognise(string name, string password, IPAddress? address)
    {
        if (failures.RefusalOf(address) is { } refusal)
        {
            return (true, null, refusal);
        }

        var role = directory.Current.Recognise(name, password);
        return (role is not null, role, null);
    }

    // Anybody can choose the name, and a terminal that shows the log may obey what stands in it.
    private static string Printable(string name) =>
        string.Concat(name.Take(100).Select(character => char.IsControl(character) ? '?' : character));

    [LoggerMessage(LogLevel.Warning, "A login as '{Name}' from {Address} failed")]
    private partial void LogFailed(string name, IPAddress? address);
}
