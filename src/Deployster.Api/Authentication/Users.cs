using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Deployster.Api.Authentication;

/// <summary>
/// All who may log in. A password that was right once is recognised again at once, by a keyed hash that is worth nothing
/// outside this process, since the hash of a users file takes its time by design.
/// </summary>
internal sealed class Users
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, byte[]> _recognised = new();
    private readonly Dictionary<string, UserAccount> _accounts;
    private readonly bool _hasHashes;

    /// <param name="accounts">Those of the users file.</param>
    /// <param name="owner">The user of the command line, whose password is known as it is; null where it names none.</param>
    public Users(IEnumerable<UserAccount> accounts, (string Name, string Password)? owner)
    {
        _accounts = accounts.ToDictionary(account => account.Name);
        _hasHashes = _accounts.Count > 0;
        if (owner is var (name, password))
        {
            _accounts[name] = new UserAccount(name, PasswordHash.OfNone, Roles.Deployer);
            _recognised[name] = KeyedHash(password);
        }
    }

    /// <summary>The role of a user whose password is known to be right; null where that would have to be found out.</summary>
    public string? Recognise(string name, string password)
    {
        var isRight = CryptographicOperations.FixedTimeEquals(
            KeyedHash(password), _recognised.GetValueOrDefault(name) ?? new byte[HMACSHA256.HashSizeInBytes]);
        return isRight ? _accounts[name].Role : null;
    }

    /// <summary>The role of a user; null where the name or the password is wrong, which takes equally long.</summary>
    public string? Verify(string name, string password)
    {
        var account = _accounts.GetValueOrDefault(name);
        if (!_hasHashes || !(account?.Hash ?? PasswordHash.OfNone).IsOf(password))
        {
            return null;
        }

        _recognised[name] = KeyedHash(password);
        return account?.Role;
    }

    private byte[] KeyedHash(string password) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(password));
}
