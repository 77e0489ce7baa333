using System.Net;
using Deployster.Application.Webhooks;
using Deployster.Gateway;
using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Api.CommandLine;

/// <summary>All that the command line, or the environment, can set.</summary>
internal sealed record DeploysterOptions
{
    /// <summary>What the default password is, where a default is safe.</summary>
    public const string LoopbackPassword = "mmmhm";

    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 3000);

    public string Username { get; init; } = "deployster";

    /// <summary>The password of <see cref="Username"/>; null where only those of <see cref="UsersFile"/> may log in.</summary>
    public string? Password { get; init; } = LoopbackPassword;

    /// <summary>Whether nobody gave a password.</summary>
    public bool HasDefaultPassword { get; init; }

    /// <summary>A file with further users; null for none.</summary>
    public string? UsersFile { get; init; }

    /// <summary>The origins whose pages may use the API besides its own.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>A PEM file with the certificate, and those that vouch for it; null for plain HTTP.</summary>
    public string? Cert { get; init; }

    /// <summary>A PEM file with the certificate's key.</summary>
    public string? Key { get; init; }

    /// <summary>What stands before a service's name in its image's name; null for nothing.</summary>
    public string? ImagePrefix { get; init; }

    /// <summary><c>docker</c>, <c>unix:///path</c> or <c>http://host:port</c>.</summary>
    public string Fleet { get; init; } = FleetChoice.Docker;

    /// <summary>The Docker Engine's address.</summary>
    public Uri Docker { get; init; } = new("unix:///var/run/docker.sock");

    /// <summary>What of the Docker Engine is this Deployster's own.</summary>
    public EngineScope Scope { get; init; } = EngineScope.None;

    /// <summary>Whether an image is pulled although it is there.</summary>
    public bool PullAlways { get; init; }

    /// <summary>The network that units and tasks on the Docker Engine are in; null for one of the scope's own.</summary>
    public string? Network { get; init; }

    /// <summary>The address at which units on the Docker Engine are published; null for only where it is needed.</summary>
    public IPAddress? Publish { get; init; }

    /// <summary>The ports from which each unit on the Docker Engine is given one for its life.</summary>
    public PortRange PublishPorts { get; init; } = PortRange.Default;

    /// <summary>The folder that holds the history.</summary>
    public required string Data { get; init; }

    /// <summary>How many deploys of each service the history keeps.</summary>
    public int HistoryKeep { get; init; } = 1000;

    /// <summary>How many distinct images of each service stay, those that succeeded last; 0 to remove no images.</summary>
    public int KeepImages { get; init; } = 5;

    /// <summary>How long a task may run that does not say it itself.</summary>
    public TimeSpan TaskTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How many tasks may run at a time.</summary>
    public int TaskLimit { get; init; } = 20;

    /// <summary>How many bytes of each task's output are kept.</summary>
    public long TaskOutputKeep { get; init; } = 10 << 20;

    /// <summary>A file that replaces the unit file's convention on a Fleet cluster; null for the convention.</summary>
    public string? UnitTemplate { get; init; }

    /// <summary>What services' host names end in.</summary>
    public string Domain { get; init; } = "localhost";

    /// <summary>How long requests in flight may keep a unit from being destroyed.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The gateway within the server; null for none.</summary>
    public GatewayOptions? Gateway { get; init; }

    /// <summary>Who is told of deploys and tasks.</summary>
    public IReadOnlyList<WebhookReceiver> Webhooks { get; init; } = [];

    /// <summary>The key of the signatures; null for none.</summary>
    public byte[]? WebhookSecret { get; init; }
}
