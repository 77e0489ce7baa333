using System.Security.Cryptography;
using Deployster.Api.CommandLine;

namespace Deployster.Api.Authentication;

/// <summary>Knows who may log in, and reads the users file again whenever it has changed.</summary>
internal sealed partial class UserDirectory
{
    private readonly DeploysterOptions _options;
    private readonly ILogger<UserDirectory> _logger;
    private readonly Lock _lock = new();
    private string? _stamp;
    private Users _users;

    /// <exception cref="UsageException">The users file cannot be read.</exception>
    public UserDirectory(DeploysterOptions options, ILogger<UserDirectory> logger)
    {
        (_options, _logger) = (options, logger);
        try
        {
            _stamp = Stamp();
            _users = Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UsageException($"-users-file: {e.Message}");
        }
    }

    public Users Current
    {
        get
        {
            lock (_lock)
            {
                if (Stamp() is var stamp && stamp != _stamp)
                {
                    _stamp = stamp;
                    Reload();
                }

                return _users;
            }
        }
    }

    // A file that is being written, or was written wrongly, must lock nobody out.
    private void Reload()
    {
        try
        {
            _users = Read();
            LogReloaded(_options.UsersFile!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            LogNotReloaded(e.Message);
        }
    }

    private Users Read() => new(
        _options.UsersFile is { } file ? UserAccount.ReadFile(file) : [],
        _options.Password is { } password ? (_options.Username, password) : null);

    // What the file holds, null where it cannot be read. Times tell nothing where a link on the way to it is replaced.
    private string? Stamp()
    {
        try
        {
            return _options.UsersFile is { } path ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "Read {File} again")]
    private partial void LogReloaded(string file);

    [LoggerMessage(LogLevel.Warning, "Going on with the users as they were: {Cause}")]
    private partial void LogNotReloaded(string cause);
}
