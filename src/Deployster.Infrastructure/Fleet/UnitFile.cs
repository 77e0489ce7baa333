using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Writes the unit file of a unit: its template, filled in, and the intention of its deploy.</summary>
internal sealed class UnitFile(UnitTemplate template, bool pullAlways)
{
    // Fleet looks for a line's end within its first 2048 bytes.
    private const int MaxLineLength = 2047;

    private const string OneLineOnly = $"cannot be kept on a Fleet cluster: a unit file takes {PlainText.Rule}.";

    private const string Environment = "environment";
    private const string RunOptions = "run_options";
    private const string Command = "command";
    private const string Health = "health";

    private static readonly FrozenSet<string> s_known =
    [
        "service", "version", "timestamp", "instance", "container", "image", "port", "pull", Environment, RunOptions, Command,
        Health, "health_attempts", "health_interval", "drain", "stop_timeout", "stop_limit",
    ];

    // Vulcand takes up to that long to hear of an endpoint that is gone.
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(3);

    // What a machine may take to stop and remove a container, besides the time that the container itself takes.
    private static readonly TimeSpan s_stopWork = TimeSpan.FromSeconds(80);

    private readonly bool _tellsInstancesApart = template.Lines.Any(line => UnitTemplate.Holds(line.Value, "instance"));
    private volatile Written? _last;

    public static bool IsKnown(string placeholder) => s_known.Contains(placeholder);

    /// <summary>The options of the unit's file.</summary>
    /// <exception cref="SpecRefusedException">A line would be longer than Fleet takes.</exception>
    public ImmutableArray<UnitOption> Render(UnitDefinition definition)
    {
        // All instances of a deploy are launched at once, and have one file unless the template tells them apart.
        if (_last is { } last && last.DeployId == definition.Name.DeployId && ReferenceEquals(last.Intention, definition.Intention))
        {
            return last.Options;
        }

        var options = Write(definition);
        _last = _tellsInstancesApart ? null : new Written(definition.Name.DeployId, definition.Intention, options);
        return options;
    }

    private ImmutableArray<UnitOption> Write(UnitDefinition definition)
    {
        var spec = definition.Intention.Spec;
        CheckText(spec);
        var values = ValuesFor(definition);
        var options = ImmutableArray.CreateBuilder<UnitOption>();
        foreach (var line in TemplateFor(spec).Lines)
        {
            if (UnitTemplate.Holds(line.Value, Environment))
            {
                options.AddRange(VariablesOf(spec).Select(variable => Check(
                    Fill(line, new Dictionary<string, string>(values) { [Environment] = HostEnvironment.Assign(variable.Name, variable.Value) }),
                    variable.Field)));
            }
            else
            {
                options.Add(Check(Fill(line, values), FieldThatFills(line, spec)));
            }
        }

        options.AddRange(IntentionOptions.Write(definition.Intention).Select(option => Check(option, FieldOf(option))));
        return options.ToImmutable();
    }

    private UnitTemplate TemplateFor(DeploySpec spec)
    {
        if (spec.Port != 0)
        {
            return template;
        }

        return template == UnitTemplate.Convention ? UnitTemplate.ConventionWithoutPort
            : template.Lines.Any(line => UnitTemplate.Holds(line.Value, "port"))
                ? throw new SpecRefusedException($"deploy.{SpecFields.Port.Name}", "must not be 0 with this unit template, which asks for {{port}}.")
                : template;
    }

    // A secret whose value is not to be shown, or not known, stands there as its name alone.
    private static IEnumerable<(string Name, string Value, string Field)> VariablesOf(DeploySpec spec) =>
        spec.Env.Select(variable => (variable.Key, variable.Value, $"deploy.{SpecFields.Env.Name}.{variable.Key}"))
            .Concat(spec.SecretEnv.Select(secret => (secret.Key, secret.Value.Value ?? secret.Value.ToString(), $"deploy.{SpecFields.SecretEnv.Name}.{secret.Key}")));

    private static string HostOf(HealthCheck check) => check.Host is { } host ? $"-H 'Host: {host}' " : "";

    private Dictionary<string, string> ValuesFor(UnitDefinition definition)
    {
        var (service, version, timestamp) = definition.Name.DeployId;
        var intention = definition.Intention;
        var check = intention.Spec.HealthCheck;
        if (check?.Port is not null)
        {
            throw new SpecRefusedException("deploy.health_check.port", "cannot be kept on a Fleet cluster, where only the service's port is published.");
        }

        var interval = check?.Interval ?? TimeSpan.FromSeconds(1);
        var image = Systemd.Word(intention.Image);
        var pull = $"/usr/bin/docker pull {image}";
        return new Dictionary<string, string>
        {
            ["service"] = service.Value,
            ["version"] = version.Value,
            ["timestamp"] = timestamp.ToString(),
            ["instance"] = Invariant($"{definition.Name.Instance}"),
            // With systemd's specifier all instances have the same file, which Fleet then stores once.
            ["container"] = $"{service}-{version}-{timestamp}-%i",
            ["image"] = image,
            ["port"] = Invariant($"{intention.Spec.Port}"),
            ["pull"] = pullAlways ? pull : $"/bin/sh -c \"/usr/bin/docker image inspect {image} >/dev/null 2>&1 || {pull}\"",
            [RunOptions] = string.Join(' ', [
                .. EnvironmentOf(intention.Spec),
                .. RunArguments.VolumesOf(intention.Spec),
                .. RunArguments.LimitsOf(intention.Spec),
                .. RunArguments.StopOf(intention.Spec),
                .. RunArguments.ContainerOf(intention.Spec),
            ]),
            [Command] = string.Join(' ', CommandOf(intention.Spec)),
            [Health] = check is null
                ? "curl -s -o /dev/null --noproxy '*' -m 5 http://127.0.0.1:$p/"
                : $"curl -s -o /dev/null --noproxy '*' -m {Seconds(check.Timeout)} {HostOf(check)}-w '%%{{http_code}}' "
                    + $"http://127.0.0.1:$p'{Systemd.WithinWord(check.Path)}' | grep -q ^2",
            ["health_attempts"] = Invariant($"{Math.Max(1, Math.Ceiling(intention.Spec.Deadline / interval))}"),
            ["health_interval"] = Seconds(interval),
            ["drain"] = Seconds(Drain(intention.Spec)),
            ["stop_timeout"] = Seconds(intention.Spec.StopTimeout),
            ["stop_limit"] = Seconds(Drain(intention.Spec) + intention.Spec.StopTimeout + s_stopWork),
        };
    }

    private static IEnumerable<string> EnvironmentOf(DeploySpec spec) =>
        VariablesOf(spec).SelectMany(variable => new[] { "-e", HostEnvironment.HandOn(variable.Name) });

    // A unit that is to end sooner is not to wait longer for Vulcand than for its container.
    private static TimeSpan Drain(DeploySpec spec) => spec.StopTimeout < s_drain ? spec.StopTimeout : s_drain;

    private static void CheckText(DeploySpec spec)
    {
        foreach (var (name, value, field) in VariablesOf(spec))
        {
            if (!HostEnvironment.CanHold(name))
            {
                throw new SpecRefusedException(
                    field,
                    "cannot be set on a Fleet cluster: a unit file takes names of letters, digits and '_', not beginning with a digit.");
            }

            if (!PlainText.IsOneLine(value))
            {
                throw new SpecRefusedException(field, OneLineOnly);
            }
        }

        RunArguments.Check(spec.Container ?? Container.None, OneLineOnly);
        if (!spec.Command.Append(spec.CommandLine ?? "").All(PlainText.IsOneLine))
        {
            throw new SpecRefusedException($"deploy.{SpecFields.Command.Name}", OneLineOnly);
        }
    }

    private static IEnumerable<string> CommandOf(DeploySpec spec) => spec.Command.Select(Systemd.Word);

    private static UnitOption Fill(UnitOption line, IReadOnlyDictionary<string, string> values) =>
        line with { Value = UnitTemplate.Fill(line.Value, values) };

    private static UnitOption Check(UnitOption option, string field)
    {
        var length = Encoding.UTF8.GetByteCount($"{option.Name}={option.Value}");
        return length <= MaxLineLength
            ? option
            : throw new SpecRefusedException(
                field, Invariant($"a unit file takes no line over {MaxLineLength} bytes; {option.Name} would have {length}"));
    }

    // The field that takes the most room in a line.
    private static string FieldThatFills(UnitOption line, DeploySpec spec)
    {
        IEnumerable<string> Parts(string placeholder, IEnumerable<string> parts) =>
            UnitTemplate.Holds(line.Value, placeholder) ? parts : [];

        return new (string Field, IEnumerable<string> Parts)[]
        {
            ($"deploy.{SpecFields.Env.Name}", Parts(RunOptions, EnvironmentOf(spec))),
            ($"deploy.{SpecFields.Volumes.Name}", Parts(RunOptions, RunArguments.VolumesOf(spec))),
            ($"deploy.{SpecFields.Container.Name}", Parts(RunOptions, RunArguments.ContainerOf(spec))),
            ($"deploy.{SpecFields.Command.Name}", Parts(Command, CommandOf(spec))),
            ("deploy.health_check.path", Parts(Health, spec.HealthCheck is { } check ? [check.Path] : [])),
            ("deploy.version", [" "]),
        }.MaxBy(entry => entry.Parts.Sum(Encoding.UTF8.GetByteCount)).Field;
    }

    private static string FieldOf(UnitOption intention) =>
        IntentionOptions.FindField(intention) is { } field ? $"deploy.{field}" : "deploy";

    private static string Seconds(TimeSpan time) => Invariant($"{time.TotalSeconds:0.###}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Written(DeployId DeployId, Intention Intention, ImmutableArray<UnitOption> Options);
}
