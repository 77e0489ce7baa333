using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Units;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker;

/// <summary>What the engine is told to make of a unit.</summary>
internal static class ContainerSettings
{
    /// <summary>The section of <see cref="Describe"/>.</summary>
    public const string Section = "Container";

    private const long NanoCpus = 1_000_000_000;

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The settings of a unit's container.</summary>
    /// <param name="definition">The unit.</param>
    /// <param name="publish">The machine's address at which the container's port is published.</param>
    public static CreateContainerParameters Of(UnitDefinition definition, IPAddress publish)
    {
        var spec = definition.Intention.Spec;
        var port = string.Create(CultureInfo.InvariantCulture, $"{spec.Port}/tcp");
        return new CreateContainerParameters
        {
            Name = ContainerName.Of(definition.Name),
            Image = definition.Intention.Image,
            Cmd = [.. spec.Command],
            Env = [.. spec.Env.Select(variable => $"{variable.Key}={variable.Value}")],
            Labels = ContainerLabels.Write(definition),
            ExposedPorts = new Dictionary<string, EmptyStruct> { [port] = default },
            HostConfig = new HostConfig
            {
                Binds = [.. spec.Volumes.Select(volume => volume.ToString())],
                Memory = spec.Memory?.Bytes ?? 0,
                NanoCPUs = (long)((spec.Cpus ?? 0) * NanoCpus),

                // The engine chooses the machine's port: that is what an empty one asks for.
                PortBindings = new Dictionary<string, IList<PortBinding>>
                {
                    [port] = [new PortBinding { HostIP = publish.ToString(), HostPort = "" }],
                },
                RestartPolicy = PolicyOf(TargetState.Launched),
            },
        };
    }

    /// <summary>The restart policy that stands for a target state.</summary>
    public static RestartPolicy PolicyOf(TargetState targetState) => new()
    {
        Name = targetState == TargetState.Launched ? RestartPolicyKind.UnlessStopped : RestartPolicyKind.No,
    };

    /// <summary>The target state that a restart policy stands for.</summary>
    public static TargetState TargetStateOf(RestartPolicy? policy) =>
        policy?.Name is null or RestartPolicyKind.No or RestartPolicyKind.Undefined ? TargetState.Inactive : TargetState.Launched;

    /// <summary>The settings as options, to be read by people.</summary>
    public static ImmutableArray<UnitOption> Describe(UnitDefinition definition, IPAddress publish)
    {
        var settings = Of(definition, publish);
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
        Add("Port", string.Create(CultureInfo.InvariantCulture, $"{publish}::{spec.Port}"));
        foreach (var variable in settings.Env!)
        {
            Add("Env", variable);
        }

        foreach (var bind in settings.HostConfig!.Binds!)
        {
            Add("Bind", bind);
        }

        Add("Memory", spec.Memory?.ToString());
        Add("Cpus", spec.Cpus?.ToString(CultureInfo.InvariantCulture));
        Add("RestartPolicy", "unless-stopped");
        foreach (var (name, value) in settings.Labels!)
        {
            Add("Label", $"{name}={value}");
        }

        return options.ToImmutable();
    }
}
