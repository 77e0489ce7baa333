using System.Globalization;
using Deployster.Domain.Specs;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>What a spec says of the containers of units and tasks alike.</summary>
internal static class ContainerSettings
{
    private const long NanoCpus = 1_000_000_000;

    /// <summary>The variables as the engine takes them.</summary>
    public static IList<string> EnvOf(DeploySpec spec) => [.. spec.AllEnv.Select(variable => $"{variable.Key}={variable.Value}")];

    /// <summary>The machine's part of a container's settings.</summary>
    public static HostConfig HostOf(DeploySpec spec)
    {
        var container = spec.Container ?? Container.None;
        return new HostConfig
        {
            Binds = [.. spec.Volumes.Select(volume => volume.ToString())],
            Memory = spec.Memory?.Bytes ?? 0,
            NanoCPUs = (long)((spec.Cpus ?? 0) * NanoCpus),
            Init = container.Init,
            ShmSize = container.ShmSize?.Bytes ?? 0,
            Tmpfs = container.Tmpfs.ToDictionary(mount => mount.Target, mount => mount.Options),
            ReadonlyRootfs = container.ReadOnly ?? false,
            CapAdd = [.. container.CapAdd],
            CapDrop = [.. container.CapDrop],
            Ulimits = [.. container.Ulimits.Select(limit => new global::Docker.DotNet.Models.Ulimit { Name = limit.Key, Soft = limit.Value.Soft, Hard = limit.Value.Most })],
            ExtraHosts = [.. container.ExtraHosts.Select(host => host.ToString())],
        };
    }

    /// <summary>The same for people to read: each setting that is not the default, by the name of its option.</summary>
    public static IEnumerable<(string Name, string? Value)> Describe(DeploySpec spec)
    {
        var container = spec.Container ?? Container.None;
        return
        [
            ("Memory", spec.Memory?.ToString()),
            ("Cpus", spec.Cpus?.ToString(CultureInfo.InvariantCulture)),
            ("User", container.User),
            ("Init", Word(container.Init)),
            ("LogDriver", container.Log?.Driver),
            .. container.LogOptions.Select(option => ("LogOption", (string?)$"{option.Key}={option.Value}")),
            .. container.Networks.Select(network => ("Network", (string?)network)),
            ("ShmSize", container.ShmSize?.ToString()),
            .. container.Tmpfs.Select(mount => ("Tmpfs", (string?)mount.ToString())),
            ("ReadOnly", Word(container.ReadOnly)),
            .. container.CapAdd.Select(capability => ("CapAdd", (string?)capability)),
            .. container.CapDrop.Select(capability => ("CapDrop", (string?)capability)),
            .. container.Ulimits.Select(limit => ("Ulimit", (string?)$"{limit.Key}={limit.Value}")),
            .. container.ExtraHosts.Select(host => ("ExtraHost", (string?)host.ToString())),
        ];
    }

    private static string? Word(bool? flag) => flag switch { null => null, true => "true", false => "false" };
}
