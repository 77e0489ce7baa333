using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deployster.Gateway;
using Deployster.Gateway.Standalone;

namespace Deployster.Api.CommandLine;

/// <summary>The options of a gateway that runs alone.</summary>
internal sealed class StandaloneArguments
{
    private readonly GatewayArguments _gateway = new();
    private readonly Option<string?> _api = Arguments.Text("-api", "url", "The API to follow, as https://deployster.example.com:3000.");
    private readonly Option<string?> _authorities = Arguments.Text("-api-ca", "file", "A PEM file with the certificates that vouch for the API's; without it those that the system trusts.");
    private readonly Option<string> _username = Arguments.Text("-username", "name", "The name to log in with.", "deployster");
    private readonly Option<string?> _password = new("-password") { Description = "The password to log in with.", HelpName = "text" };
    private readonly Option<string?> _passwordFile = Arguments.Text("-password-file", "file", "A file with the password.");
    private readonly Option<string?> _name = Arguments.Text("-name", "name", "What the API knows the gateway by; by default the machine's name with the gateway's port.");
    private readonly Option<string> _data = Arguments.Text("-data", "folder", "The folder that keeps the last routes.", Arguments.DefaultDataFolder());

    public Command ToCommand(Func<GatewayOptions, StandaloneOptions, Task> run)
    {
        var command = new Command("gateway", "Runs the gateway alone: it follows an API, and goes on while that is away.");
        foreach (var option in new Option[] { _api, _authorities, _username, _password, _passwordFile, _name, _data })
        {
            command.Options.Add(option);
        }

        _gateway.AddTo(command);
        command.SetAction(parsed =>
        {
            var gateway = _gateway.Read(parsed) ?? throw new UsageException("-gateway-listen is empty: the gateway would listen nowhere.");
            return run(gateway, Read(parsed, gateway));
        });
        return command;
    }

    private StandaloneOptions Read(ParseResult parsed, GatewayOptions gateway)
    {
        var api = parsed.GetValue(_api);
        return Uri.TryCreate(api, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new StandaloneOptions(
                address,
                parsed.GetValue(_username)!,
                Arguments.ReadPassword(parsed, _password, _passwordFile)
                    ?? throw new UsageException("a password is missing: give -password-file=FILE."))
            {
                Name = parsed.GetValue(_name) ?? $"{Environment.MachineName}:{gateway.Listen.Port}",
                Data = Path.GetFullPath(parsed.GetValue(_data)!),
                Authorities = ReadAuthorities(Arguments.ReadFile(_authorities.Name, parsed.GetValue(_authorities))),
            }
            : throw new UsageException(string.IsNullOrEmpty(api)
                ? "-api is missing: the address of the API to follow."
                : $"-api must be https://host:port or http://host:port, not '{api}'.");
    }

    private X509Certificate2Collection? ReadAuthorities(string? file)
    {
        if (file is null)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (CryptographicException e)
        {
            throw new UsageException($"{_authorities.Name}: {e.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new UsageException($"{_authorities.Name}: {file} holds no certificate.");
    }
}
