using System.Globalization;
using Deployster.Application.Fleet;
using Deployster.Domain.Specs;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Writes the options of <c>docker run</c> that a spec asks for, beside its environment.</summary>
internal static class RunArguments
{
    /// <summary>The options for volumes.</summary>
    public static IEnumerable<string> VolumesOf(DeploySpec spec) =>
        spec.Volumes.SelectMany(volume => new[] { "-v", Systemd.Word(volume.ToString()) });

    /// <summary>The options for limits.</summary>
    public static IEnumerable<string> LimitsOf(DeploySpec spec)
    {
        if (spec.Memory is { } memory)
        {
            yield return $"--memory {memory}";
        }

        if (spec.Cpus is { } cpus)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--cpus {cpus}");
        }
    }

    /// <summary>The options for the end of a unit.</summary>
    public static IEnumerable<string> StopOf(DeploySpec spec) => spec.StopSignal is { } signal ? [$"--stop-signal {signal}"] : [];

    /// <summary>The options for the further settings of the container.</summary>
    public static IEnumerable<string> ContainerOf(DeploySpec spec) => (
        from option in OptionsOf(spec.Container ?? Container.None)
        where option.Value is not null
        select $"{option.Name} {Systemd.Word(option.Value)}").Concat(FlagsOf(spec.Container ?? Container.None));

    /// <summary>Throws where a unit file cannot hold the further settings.</summary>
    /// <exception cref="SpecRefusedException">It cannot; the exception names the field.</exception>
    public static void Check(Container container, string oneLineOnly)
    {
        var texts = container.Labels.Select(label => (Field: $"labels.{label.Key}", Texts: new[] { label.Key, label.Value }))
            .Concat(container.LogOptions.Select(option => (Field: $"log.options.{option.Key}", Texts: new[] { option.Key, option.Value })));
        if (texts.FirstOrDefault(text => !text.Texts.All(PlainText.IsOneLine)).Field is { } field)
        {
            throw new SpecRefusedException($"deploy.container.{field}", oneLineOnly);
        }

        if (container.Networks.Length > 1)
        {
            throw new SpecRefusedException("deploy.container.networks", "cannot be kept on a Fleet cluster: docker run, which starts a unit there, takes one network.");
        }
    }

    private static IEnumerable<(string Name, string? Value)> OptionsOf(Container container) =>
    [
        ("--user", container.User),
        .. container.Labels.Select(label => ("--label", (string?)$"{label.Key}={label.Value}")),
        ("--log-driver", container.Log?.Driver),
        .. container.LogOptions.Select(option => ("--log-opt", (string?)$"{option.Key}={option.Value}")),
        .. container.Networks.Select(network => ("--network", (string?)network)),
        ("--shm-size", container.ShmSize?.ToString()),
        .. container.Tmpfs.Select(mount => ("--tmpfs", (string?)mount.ToString())),
        .. container.CapAdd.Select(capability => ("--cap-add", (string?)capability)),
        .. container.CapDrop.Select(capability => ("--cap-drop", (string?)capability)),
        .. container.Ulimits.Select(limit => ("--ulimit", (string?)$"{limit.Key}={limit.Value}")),
        .. container.ExtraHosts.Select(host => ("--add-host", (string?)host.ToString())),
    ];

    private static IEnumerable<string> FlagsOf(Container container)
    {
        if (container.Init is { } init)
        {
            yield return init ? "--init" : "--init=false";
        }

        if (container.ReadOnly == true)
        {
            yield return "--read-only";
        }
    }
}
