using System.CommandLine;
using System.Net;
using System.Text.RegularExpressions;
using Deployster.Application.Fleet;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Gateway;
using Deployster.Infrastructure.Docker.Engine;
using static Deployster.Api.CommandLine.Arguments;

namespace Deployster.Api.CommandLine;

/// <summary>The options of the server, as they are written on the command line and in the environment.</summary>
internal sealed partial class ServeOptions
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
    private readonly Option<string?> _scope = Text("-scope", "name", "What of the Docker Engine is this Deployster's own, where several share it. Others' containers are left alone.");
    private readonly Option<string> _pull = Text("-pull", "missing|always", "Which images are pulled.", "missing");
    private readonly Option<string?> _network = Text("-network", "name", "The Docker network that units and tasks are in; it is made where it is missing. By default deployster, with the scope behind it.");
    private readonly Option<string?> _publish = Text("-publish", "address", "The address at which containers' ports are published; by default none is, and on this machine alone where they cannot be reached otherwise.");
    private readonly Option<string> _publishPorts = Text("-publish-ports", "first-last", "The ports from which each container is given one for its life.", PortRange.Default.ToString());
    private readonly Option<string> _data = Text("-data", "folder", "The folder for the history.", DefaultDataFolder());
    private readonly Option<string> _historyKeep = Text("-history-keep", "number", "How many deploys of each service the history keeps.", "1000");
    private readonly Option<string> _keepImages = Text("-keep-images", "number", "How many images of each service stay on the Docker Engine besides those in use: those that succeeded last. 0 removes none.", "5");
    private readonly Option<string> _taskTimeout = Text("-task-timeout", "seconds", "How long a task may run that does not say it itself.", "600");
    private readonly Option<string> _taskLimit = Text("-task-limit", "number", "How many tasks may run at a time.", "20");
    private readonly Option<string> _taskOutputKeep = Text("-task-output-keep", "size", "How much of each task's output is kept, the end of it.", "10m");
    private readonly Option<string?> _unitTemplate = Text("-unit-template", "file", "A unit file that replaces the conventional one on a Fleet cluster.");

    private readonly Option<string> _domain = Text("-domain", "name", "What services' host names end in: railsapp.localhost.", "localhost");
    private readonly Option<string> _drainTimeout = Text("-drain-timeout", "seconds", "How long requests in flight may keep a unit from being destroyed.", "30");
    private readonly GatewayArguments _gateway = new();
    private readonly WebhookArguments _webhooks = new();

    public void AddTo(Command command)
    {
        LetBeEmpty(_scope, otherwise: null);
        foreach (var option in new Option[]
        {
            _listen, _username, _password, _passwordFile, _usersFile, _corsOrigin, _cert, _key, _hubUser, _registry, _fleet, _docker, _scope, _pull,
            _network, _publish, _publishPorts, _data, _historyKeep, _keepImages, _taskTimeout, _taskLimit, _taskOutputKeep, _unitTemplate, _domain, _drainTimeout,
        })
        {
            command.Options.Add(option);
        }

        _gateway.AddTo(command);
        _webhooks.AddTo(command);
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
            Scope = ReadScope(parsed.GetValue(_scope), fleet),
            PullAlways = parsed.GetValue(_pull) switch
            {
                "missing" => false,
                "always" => true,
                var other => throw new UsageException($"-pull must be missing or always, not '{other}'."),
            },
            Network = ReadNetwork(parsed.GetValue(_network)),
            Publish = string.IsNullOrEmpty(parsed.GetValue(_publish)) ? null
                : IPAddress.TryParse(parsed.GetValue(_publish), out var publish) ? publish
                : throw new UsageException($"-publish must be an IP address, not '{parsed.GetValue(_publish)}'."),
            PublishPorts = PortRange.TryParse(parsed.GetValue(_publishPorts), out var ports)
                ? ports
                : throw new UsageException($"-publish-ports must be {PortRange.Rule}, not '{parsed.GetValue(_publishPorts)}'."),
            Data = Path.GetFullPath(parsed.GetValue(_data)!),
            HistoryKeep = ReadNumber("-history-keep", parsed.GetValue(_historyKeep)!, 1, 1_000_000),
            KeepImages = ReadNumber("-keep-images", parsed.GetValue(_keepImages)!, 0, 1_000_000),
            TaskTimeout = TimeSpan.FromSeconds(
                ReadNumber("-task-timeout", parsed.GetValue(_taskTimeout)!, 1, (int)TaskSettings.MaxTimeout.TotalSeconds)),
            TaskLimit = ReadNumber("-task-limit", parsed.GetValue(_taskLimit)!, 1, 1000),
            TaskOutputKeep = ReadSize("-task-output-keep", parsed.GetValue(_taskOutputKeep)!),
            UnitTemplate = ReadFile("-unit-template", parsed.GetValue(_unitTemplate)),
            Domain = HostName.TryParse(parsed.GetValue(_domain), out var domain)
                ? domain.Value
                : throw new UsageException($"-domain must be {HostName.Rule}, not '{parsed.GetValue(_domain)}'."),
            DrainTimeout = TimeSpan.FromSeconds(ReadNumber("-drain-timeout", parsed.GetValue(_drainTimeout)!, 0, 3600)),
            Gateway = ReadGateway(parsed, fleet),
            Webhooks = _webhooks.Read(parsed),
            WebhookSecret = _webhooks.ReadSecret(parsed),
        };
        if (options.Username.Contains(':') || options.Username.Length == 0)
        {
            throw new UsageException("-username must be a name without ':'.");
        }

        return options.Cert is null == options.Key is null
            ? options
            : throw new UsageException("-cert and -key go together: give both for HTTPS, none for HTTP.");
    }

    private static EngineScope ReadScope(string? text, string fleet) =>
        string.IsNullOrEmpty(text) ? EngineScope.None
        : fleet != FleetChoice.Docker ? throw new UsageException("-scope: the names of a Fleet cluster's units have no room for it. Leave it out, or say -fleet=docker.")
        : EngineScope.TryParse(text, out var scope) ? scope
        : throw new UsageException($"-scope must be {EngineScope.Rule}, not '{text}'.");

    private static string? ReadNetwork(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : NetworkName().IsMatch(text) && text is not ("host" or "none" or "bridge" or "default") ? text
        : throw new UsageException($"-network must be the name of a network of its own, of letters, digits, '_', '.' and '-', not '{text}'.");

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex NetworkName();

    private static long ReadSize(string option, string text) =>
        MemorySize.TryParse(text, out var size)
            ? size.Bytes
            : throw new UsageException($"{option} must be {MemorySize.Rule}, not '{text}'.");

    private GatewayOptions? ReadGateway(ParseResult parsed, string fleet) =>
        fleet == FleetChoice.Docker ? _gateway.Read(parsed)
        : _gateway.IsAskedFor(parsed) ? throw new UsageException("-gateway-listen: a Fleet cluster routes its requests by itself, with Vulcand.")
        : null;

    private static Uri ReadDocker(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "unix" or "tcp" or "http" or "https"
            ? address
            : throw new UsageException($"-docker must be unix:///path, tcp://host:port or http://host:port, not '{text}'.");

    private string? ReadPrefix(ParseResult parsed)
    {
        var registry = parsed.GetValue(_registry);
        var prefix = string.IsNullOrEmpty(registry) ? parsed.GetValue(_hubUser) : StripScheme(registry);
        return string.IsNullOrEmpty(prefix) ? null
            : ImageNames.IsPrefix(prefix) ? prefix.TrimEnd('/')
            : throw new UsageException(
                $"{(string.IsNullOrEmpty(registry) ? "-docker-hub-username" : "-registry-url")} must be what image names can begin with, in lower case, as mycompany or registry.example.com:5000/team, not '{prefix}'.");
    }

    private static string StripScheme(string url) =>
        url[(url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..];

    private string? ReadPassword(ParseResult parsed, IPEndPoint listen, string? usersFile) =>
        Arguments.ReadPassword(parsed, _password, _passwordFile)
        ?? (usersFile is not null || IPAddress.IsLoopback(listen.Address)
            ? null
            : throw new UsageException(
                $"a password is missing: {listen} can be reached from outside. Give -password-file=FILE or -users-file=FILE, or listen on 127.0.0.1."));
}
