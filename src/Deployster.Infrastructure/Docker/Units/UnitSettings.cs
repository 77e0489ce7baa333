using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>What the engine is told to make of a unit.</summary>
internal static class UnitSettings
{
    /// <summary>The section of <see cref="Describe"/>.</summary>
    public const string Section = "Container";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The settings of a unit's container.</summary>
    /// <param name="definition">The unit. It runs the image by its id, where that is known.</param>
    /// <param name="wanted">What is wanted of it.</param>
    /// <param name="place">Where the container is reached.</param>
    /// <param name="scope">Whose it is.</param>
    public static CreateContainerParameters Of(UnitDefinition definition, Wanted wanted, UnitPlace place, EngineScope scope)
    {
        var spec = definition.Intention.Spec;
        var port = spec.ProbedPort is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number}/tcp") : null;
        var host = ContainerSettings.HostOf(spec);
        if (spec.Container?.Log is { } log)
        {
            host.LogConfig = new LogConfig { Type = log.Driver, Config = log.Options.ToDictionary() };
        }

        host.PortBindings = port is null || place.Published is not { } published ? [] : new Dictionary<string, IList<PortBinding>>
        {
            [port] =
            [
                new PortBinding
                {
                    HostIP = published.Address.ToString(),
                    HostPort = published.Port.ToString(CultureInfo.InvariantCulture),
                },
            ],
        };
        host.NetworkMode = place.Network;
        host.RestartPolicy = RestartPolicies.For(wanted);
        return new CreateContainerParameters
        {
            Name = ContainerName.Of(definition.Name, scope),
            Image = definition.Intention.ImageId ?? definition.Intention.Image,
            Cmd = [.. spec.Command],
            User = spec.Container?.User ?? "",
            Env = ContainerSettings.EnvOf(spec),
            Labels = ContainerLabels.Write(definition, scope),
            StopTimeout = spec.StopTimeout,
            StopSignal = spec.StopSignal?.Name,
            ExposedPorts = port is null ? [] : new Dictionary<string, EmptyStruct> { [port] = default },
            HostConfig = host,
            NetworkingConfig = new NetworkingConfig
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings>
                {
                    [place.Network] = new EndpointSettings
                    {
                        Aliases = [definition.Name.DeployId.Service.Value],
                        IPAMConfig = new EndpointIPAMConfig { IPv4Address = place.Address.ToString() },
                    },
                },
            },
        };
    }

    /// <summary>The settings as options, to be read by people. Which address it has is known only when it is made.</summary>
    public static ImmutableArray<UnitOption> Describe(UnitDefinition definition, DockerOptions engine)
    {
        var settings = Of(definition, Wanted.Running, new UnitPlace(engine.NetworkName, IPAddress.None, null), engine.Scope);
        var spec = definition.Intention.Spec;
        var options = ImmutableArray.CreateBuilder<UnitOption>();
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                options.Add(new UnitOption(Section, name, value));
            }
        }

        Add("Name", settings.Name);
        Add("Image", settings.Image);
        Add("Cmd", spec.Command.IsEmpty ? null : JsonSerializer.Serialize(settings.Cmd, s_json));
        Add("Network", engine.NetworkName);
        Add("Port", spec.Port.ToString(CultureInfo.InvariantCulture));
        Add("Publish", engine.Publish is { } publish ? $"{publish}:{engine.PublishPorts}" : null);
        foreach (var (name, value) in spec.Env)
        {
            Add("Env", $"{name}={value}");
        }

        foreach (var name in spec.SecretEnv.Keys)
        {
            Add("SecretEnv", name);
        }

        foreach (var bind in settings.HostConfig!.Binds!)
        {
            Add("Bind", bind);
        }

        foreach (var (name, value) in ContainerSettings.Describe(spec))
        {
            Add(name, value);
        }

        Add("StopTimeout", string.Create(CultureInfo.InvariantCulture, $"{spec.StopTimeout.TotalSeconds}"));
        Add("StopSignal", spec.StopSignal?.Name);
        Add("RestartPolicy", "always");
        foreach (var (name, value) in settings.Labels!)
        {
            Add("Label", $"{name}={value}");
        }

        return options.ToImmutable();
    }
}
