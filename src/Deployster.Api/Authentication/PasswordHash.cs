using System.Globalization;
using System.Security.Cryptography;

namespace Deployster.Api.Authentication;

/// <summary>A password that can be recognised and not be read: PBKDF2 with SHA-256, as <c>pbkdf2-sha256$iterations$salt$hash</c>.</summary>
internal sealed class PasswordHash
{
    private const string Scheme = "pbkdf2-sha256";
    private const int UsualIterations = 600_000;
    private const int MinIterations = 10_000;
    private const int MaxIterations = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) => (_iterations, _salt, _hash) = (iterations, salt, hash);

    /// <summary>What no password has: to compare with it takes as long as with any other.</summary>
    public static PasswordHash OfNone { get; } = new(UsualIterations, new byte[SaltBytes], new byte[HashBytes]);

    /// <summary>Hashes a password with a salt of its own.</summary>
    public static PasswordHash Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(UsualIterations, salt, Derive(password, salt, UsualIterations));
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static PasswordHash Parse(string text)
    {
        if (text.Split('$') is [Scheme, var count, var salt, var hash]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            && iterations is >= MinIterations and <= MaxIterations)
        {
            var read = new PasswordHash(iterations, Convert.FromBase64String(salt), Convert.FromBase64String(hash));
            if (read._salt.Length >= SaltBytes && read._hash.Length == HashBytes)
            {
                return read;
            }
        }

        throw new FormatException("The hash is none of deployster hash-password.");
    }

    public bool IsOf(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _hash);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Scheme}${_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}");

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
}
