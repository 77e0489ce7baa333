namespace Deployster.Api.Authentication;

/// <summary>Somebody who may log in.</summary>
/// <param name="Name">The name they log in with.</param>
/// <param name="Hash">Their password's hash.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
internal sealed record UserAccount(string Name, PasswordHash Hash, string Role)
{
    /// <summary>Reads a users file: a line <c>name:hash:role</c> for each; empty lines and those from <c>#</c> on say nothing.</summary>
    /// <exception cref="FormatException">A line cannot be read; the message tells which one and why.</exception>
    public static IReadOnlyList<UserAccount> ReadFile(string path)
    {
        var accounts = new Dictionary<string, UserAccount>();
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            if (line.Trim() is { Length: > 0 } text && text[0] != '#')
            {
                try
                {
                    var account = Parse(text);
                    if (!accounts.TryAdd(account.Name, account))
                    {
                        throw new FormatException($"The name {account.Name} stands there twice.");
                    }
                }
                catch (FormatException e)
                {
                    throw new FormatException($"{path}, line {index + 1}: {e.Message}", e);
                }
            }
        }

        return [.. accounts.Values];
    }

    private static UserAccount Parse(string line) => line.Split(':') switch
    {
        [{ Length: > 0 } name, var hash, Roles.Deployer or Roles.Reader] parts => new(name, PasswordHash.Parse(hash), parts[2]),
        [{ Length: > 0 }, _, var role] => throw new FormatException($"The role must be {Roles.Deployer} or {Roles.Reader}, not '{role}'."),
        _ => throw new FormatException("It must be name:hash:role."),
    };
}
