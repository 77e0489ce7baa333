using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Deployster.Api.CommandLine;

/// <summary>The options of the server, as they are written on the command line and in the environment.</summary>
internal sealed class ServeOptions
{
    private readonly Option<string> _listen = Text("-listen", "address:port", "Where the API listens.", "0.0.0.0:3000");
    private readonly Option<string> _username = Text("-username", "name", "Who may log in.", "deployster");

    // The default of an option stands in the help: the password of the environment must not.
    private readonly Option<string?> _password = new("-password")
    {
        Description = "The password. Without one only a loopback address is listened on.",
        HelpName = "text",
    };

    private readonly Option<string?> _passwordFile = Text("-password-file", "file", "A file with the password.");
    private readonly Option<string?> _usersFile = Text("-users-file", "file", "A file with users: name:hash:role, the hash by deployster hash-password, the role deployer or reader.");
    private readonly Option<string?> _corsOrigin = Text("-cors-origin", "origin,...", "Whose pages may use the API in a browser, as https://tools.example.com.");
    private readonly Option<string?> _cert = Text("-cert", "file", "A PEM file with the certificate. With -key: HTTPS.");
    private readonly Option<string?> _key = Text("-key", "file", "A PEM file with the certificate's key.");
    private readonly Option<string?> _hubUser = Text("-docker-hub-username", "name", "Whose images on Docker Hub: name/service:version.");
    private readonly Option<string?> _registry = Text("-registry-url", "host[:port][/path]", "The registry of the images: host/service:version. Wins over -docker-hub-username.");
    private readonly Option<string> _fleet = Text("-fleet", "fleet", "auto (Fleet if its socket exists, else docker), docker, unix:///path or http://host:port.", FleetChoice.Auto);
    private readonly Option<string> _docker = Text("-docker", "address", "The Docker Engine.", "unix:///var/run/docker.sock");
    private readonly Option<string> _pull = Text("-pull", "missing|always", "Which images are pulled.", "missing");
    private readonly Option<string> _publish = Text("-publish", "address", "The address at which containers' ports are published.", "127.0.0.1");
    private readonly Option<string> _data = Text("-data", "folder", "The folder for the history.", DefaultDataFolder());
    private readonly Option<string> _historyKeep = Text("-history-keep", "number", "How many deploys of each service the history keeps.", "1000");
    private readonly Option<string?> _unitTemplate = Text("-unit-template", "file", "A unit file that replaces the conventional one on a Fleet cluster.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _listen, _username, _password, _passwordFile, _usersFile, _corsOrigin, _cert, _key, _hubUser, _registry, _fleet, _docker, _pull,
            _publish, _data, _historyKeep, _unitTemplate,
        })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One of them cannot be used.</exception>
    public DeploysterOptions Read(ParseResult parsed)
    {
        var listen = ReadEndPoint("-listen", parsed.GetValue(_listen)!);
        var fleet = FleetChoice.Read(parsed.GetValue(_fleet)!, out var error) ?? throw new UsageException(error!);
        var usersFile = ReadFile("-users-file", parsed.GetValue(_usersFile));
        var password = ReadPassword(parsed, listen, usersFile);
        var options = new DeploysterOptions
        {
            Listen = listen,
            Username = parsed.GetValue(_username)!,
            Password = password ?? (usersFile is null ? DeploysterOptions.LoopbackPassword : null),
            HasDefaultPassword = password is null && usersFile is null,
            UsersFile = usersFile,
            CorsOrigins = CorsOrigins.Read(parsed.GetValue(_corsOrigin)),
            Cert = ReadFile("-cert", parsed.GetValue(_cert)),
            Key = ReadFile("-key", parsed.GetValue(_key)),
            ImagePrefix = ReadPrefix(parsed),
            Fleet = fleet,
            Docker = ReadDocker(parsed.GetValue(_docker)!),
            PullAlways = parsed.GetValue(_pull) switch
            {
                "missing" => false,
                "always" => true,
                var other => throw new UsageException($"-pull must be missing or always, not '{other}'."),
            },
            Publish = IPAddress.TryParse(parsed.GetValue(_publish), out var publish)
                ? publish
                : throw new UsageException($"-publish must be an IP address, not '{parsed.GetValue(_publish)}'."),
            Data = Path.GetFullPath(parsed.GetValue(_data)!),
            HistoryKeep = ReadNumber("-history-keep", parsed.GetValue(_historyKeep)!, 1, 1_000_000),
            UnitTemplate = ReadFile("-unit-template", parsed.GetValue(_unitTemplate)),
        };
        if (options.Username.Contains(':') || options.Username.Length == 0)
        {
            throw new UsageException("-username must be a name without ':'.");
        }

        return options.Cert is null == options.Key is null
            ? options
            : throw new UsageException("-cert and -key go together: give both for HTTPS, none for HTTP.");
    }

    private static Option<string> Text(string name, string value, string description, string otherwise) =>
        new(name)
        {
            Description = description,
            HelpName = value,
            DefaultValueFactory = _ => FromEnvironment(name) ?? otherwise,
        };

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, DefaultValueFactory = _ => FromEnvironment(name) };

    private static string? FromEnvironment(string option) =>
        Environment.GetEnvironmentVariable($"DEPLOYSTER_{option[1..].ToUpperInvariant().Replace('-', '_')}");

    private static string DefaultDataFolder() => Environment.IsPrivilegedProcess
        ? "/var/lib/deployster"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "deployster");

    private static int ReadNumber(string option, string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new UsageException($"{option} must be a whole number from {min} to {max}, not '{text}'.");

    private static IPEndPoint ReadEndPoint(string option, string text)
    {
        var address = text.StartsWith("localhost:", StringComparison.Ordinal) ? $"127.0.0.1{text["localhost".Length..]}"
            : text.StartsWith(':') ? $"0.0.0.0{text}"
            : text;
        return address.Contains(':') && IPEndPoint.TryParse(address, out var endPoint)
            ? endPoint
            : throw new UsageException($"{option} must be address:port, as 127.0.0.1:3000, not '{text}'.");
    }

    private static string? ReadFile(string option, string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        try
        {
            using var file = File.OpenRead(path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }

    private static Uri ReadDocker(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "unix" or "tcp" or "http" or "https"
            ? address
            : throw new UsageException($"-docker must be unix:///path, tcp://host:port or http://host:port, not '{text}'.");

    private string? ReadPrefix(ParseResult parsed)
    {
        var registry = parsed.GetValue(_registry);
        var prefix = string.IsNullOrEmpty(registry) ? parsed.GetValue(_hubUser) : StripScheme(registry);
        return string.IsNullOrEmpty(prefix) ? null : prefix.TrimEnd('/');
    }

    private static string StripScheme(string url) =>
        url[(url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..];

    private string? ReadPassword(ParseResult parsed, IPEndPoint listen, string? usersFile)
    {
        var password = parsed.GetValue(_password) ?? FromEnvironment(_password.Name);
        if (ReadFile("-password-file", parsed.GetValue(_passwordFile)) is { } file)
        {
            password = string.IsNullOrEmpty(password)
                ? File.ReadAllText(file).TrimEnd('\r', '\n')
                : throw new UsageException("-password and -password-file exclude each other.");
            if (password.Length == 0)
            {
                throw new UsageException($"-password-file: {file} is empty.");
            }
        }

        return !string.IsNullOrEmpty(password) ? password
            : usersFile is not null || IPAddress.IsLoopback(listen.Address) ? null
            : throw new UsageException(
                $"a password is missing: {listen} can be reached from outside. Give -password-file=FILE, or listen on 127.0.0.1.");
    }
}
