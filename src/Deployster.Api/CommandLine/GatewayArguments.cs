using System.CommandLine;
using System.Net;
using Deployster.Gateway;

namespace Deployster.Api.CommandLine;

/// <summary>The options of a gateway, within the server or alone.</summary>
internal sealed class GatewayArguments
{
    private const string DefaultListen = "0.0.0.0:8080";

    private readonly Option<string> _listen = Arguments.Text("-gateway-listen", "address:port", "Where the gateway listens; empty for no gateway.", DefaultListen);
    private readonly Option<string?> _cert = Arguments.Text("-gateway-cert", "file", "A PEM file with the gateway's certificate. With -gateway-key: HTTPS.");
    private readonly Option<string?> _key = Arguments.Text("-gateway-key", "file", "A PEM file with the key of the gateway's certificate.");
    private readonly Option<string?> _trustedProxies = Arguments.Text("-trusted-proxies", "network,...", "Whose X-Forwarded headers the gateway passes on, as 10.0.0.0/8.");

    public void AddTo(Command command)
    {
        Arguments.LetBeEmpty(_listen!, DefaultListen);
        foreach (var option in new Option[] { _listen, _cert, _key, _trustedProxies })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether somebody asked for a gateway: none runs by default where the fleet routes by itself.</summary>
    public bool IsAskedFor(ParseResult parsed) => Arguments.IsGiven(parsed, _listen) && parsed.GetValue(_listen)!.Length > 0;

    /// <summary>Reads the options; null for no gateway.</summary>
    /// <exception cref="UsageException">One of them cannot be used.</exception>
    public GatewayOptions? Read(ParseResult parsed)
    {
        var listen = parsed.GetValue(_listen)!;
        var options = new GatewayOptions(Arguments.ReadEndPoint(_listen.Name, listen.Length == 0 ? ":0" : listen))
        {
            Cert = Arguments.ReadFile(_cert.Name, parsed.GetValue(_cert)),
            Key = Arguments.ReadFile(_key.Name, parsed.GetValue(_key)),
            TrustedProxies = [.. (parsed.GetValue(_trustedProxies) ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(ReadNetwork)],
        };
        return options.Cert is null != options.Key is null
            ? throw new UsageException("-gateway-cert and -gateway-key go together: give both for HTTPS, none for HTTP.")
            : listen.Length == 0 ? null : options;
    }

    private IPNetwork ReadNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new UsageException($"{_trustedProxies.Name} must be networks, as 10.0.0.0/8, with ',' between them, not '{text}'.");
}
