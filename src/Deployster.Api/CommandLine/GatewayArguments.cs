using System.CommandLine;
using System.Net;
using Deployster.Gateway;

namespace Deployster.Api.CommandLine;

/// <summary>The options of a gateway, within the server or alone.</summary>
internal sealed class GatewayArguments
{
    private const string DefaultListen = "0.0.0.0:8080";

    private readonly Option<string> _listen = Arguments.Text("-gateway-listen", "address:port", "Where the gateway listens; empty for no gateway.", DefaultListen);
    private readonly Option<string?> _httpsListen = Arguments.Text("-gateway-https-listen", "address:port", "Where the gateway listens for HTTPS, beside -gateway-listen.");
    private readonly Option<string?> _cert = Arguments.Text("-gateway-cert", "file", "A PEM file with the gateway's certificate. With -gateway-key alone, -gateway-listen speaks HTTPS; beside -gateway-https-listen, it is for host names without one of their own.");
    private readonly Option<string?> _key = Arguments.Text("-gateway-key", "file", "A PEM file with the key of the gateway's certificate.");
    private readonly Option<string?> _certs = Arguments.Text("-gateway-certs", "folder", "Certificates by host name: NAME.crt and NAME.key, or what certbot writes.");
    private readonly Option<string> _redirect = Arguments.Text("-gateway-redirect", "true|false", "Whether plain HTTP is redirected to HTTPS where there is a certificate for the host name.", "true");
    private readonly Option<string?> _strictTransport = Arguments.Text("-gateway-hsts", "seconds", "For how long browsers shall ask in HTTPS only, from 1 to 63072000; by default nothing is said of it.");
    private readonly Option<string?> _acmeWebRoot = Arguments.Text("-acme-webroot", "folder", "From where /.well-known/acme-challenge/ is answered; by default units do.");
    private readonly Option<string?> _errorPages = Arguments.Text("-gateway-error-pages", "folder", "Pages for errors: 404.html, 502.html, 503.html, 504.html.");
    private readonly Option<string?> _accessLog = Arguments.Text("-gateway-access-log", "file|stdout", "Where each request is logged, as a line of JSON; by default nowhere.");
    private readonly Option<string> _hold = Arguments.Text("-hold", "seconds", "How long a request waits for a unit that takes it, from 0 to 300.", "10");
    private readonly Option<string> _unitIdle = Arguments.Text("-gateway-unit-idle", "seconds", "A connection to a unit that has been idle for so long is not used again, from 1 to 3600.", "1");
    private readonly Option<string> _maxRequestLine = Arguments.Text("-gateway-max-request-line", "bytes", "The longest first line of a request, from 1024 to 1048576.", "16384");
    private readonly Option<string> _maxHeadersSize = Arguments.Text("-gateway-max-headers-size", "bytes", "How much the headers of a request may be in all, from 1024 to 1048576.", "65536");
    private readonly Option<string> _maxHeaders = Arguments.Text("-gateway-max-headers", "number", "How many headers a request may have, from 10 to 10000.", "200");
    private readonly Option<string?> _trustedProxies = Arguments.Text("-trusted-proxies", "network,...", "Whose X-Forwarded headers the gateway passes on, as 10.0.0.0/8.");

    public void AddTo(Command command)
    {
        Arguments.LetBeEmpty(_listen!, DefaultListen);
        foreach (var option in new Option[]
        {
            _listen, _httpsListen, _cert, _key, _certs, _redirect, _strictTransport, _acmeWebRoot, _errorPages, _accessLog,
            _hold, _unitIdle, _maxRequestLine, _maxHeadersSize, _maxHeaders, _trustedProxies,
        })
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
            HttpsListen = Given(parsed, _httpsListen) is { } https ? Arguments.ReadEndPoint(_httpsListen.Name, https) : null,
            Certs = ReadPath(parsed, _certs),
            RedirectsToHttps = parsed.GetValue(_redirect) switch
            {
                "true" => true,
                "false" => false,
                var other => throw new UsageException($"{_redirect.Name} must be true or false, not '{other}'."),
            },
            StrictTransport = Given(parsed, _strictTransport) is { } time
                ? TimeSpan.FromSeconds(Arguments.ReadNumber(_strictTransport.Name, time, 1, 2 * 365 * 24 * 60 * 60))
                : null,
            AcmeWebRoot = ReadPath(parsed, _acmeWebRoot),
            ErrorPages = ReadFolder(parsed, _errorPages),
            AccessLog = Given(parsed, _accessLog),
            Hold = TimeSpan.FromSeconds(Read(parsed, _hold, 0, 300)),
            UnitIdle = TimeSpan.FromSeconds(Read(parsed, _unitIdle, 1, 3600)),
            MaxRequestLine = Read(parsed, _maxRequestLine, 1024, 1024 * 1024),
            MaxHeadersSize = Read(parsed, _maxHeadersSize, 1024, 1024 * 1024),
            MaxHeaders = Read(parsed, _maxHeaders, 10, 10_000),
            TrustedProxies = [.. (parsed.GetValue(_trustedProxies) ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(ReadNetwork)],
        };
        return options.HttpsListen is not null && options.Certs is null && options.Cert is null
            ? throw new UsageException("-gateway-https-listen needs certificates: give -gateway-certs, or -gateway-cert and -gateway-key.")
            : options.Cert is null != options.Key is null
            ? throw new UsageException("-gateway-cert and -gateway-key go together: give both for HTTPS, none for HTTP.")
            : listen.Length == 0 ? null : options;
    }

    private static string? Given(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { Length: > 0 } text ? text : null;

    private static int Read(ParseResult parsed, Option<string> option, int min, int max) =>
        Arguments.ReadNumber(option.Name, parsed.GetValue(option)!, min, max);

    // What another tool writes may not be there yet.
    private static string? ReadPath(ParseResult parsed, Option<string?> option) =>
        Given(parsed, option) is { } path ? Path.GetFullPath(path) : null;

    private static string? ReadFolder(ParseResult parsed, Option<string?> option) =>
        Given(parsed, option) is not { } folder ? null
        : Directory.Exists(folder) ? Path.GetFullPath(folder)
        : throw new UsageException($"{option.Name}: {folder} is no folder.");

    private IPNetwork ReadNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new UsageException($"{_trustedProxies.Name} must be networks, as 10.0.0.0/8, with ',' between them, not '{text}'.");
}
