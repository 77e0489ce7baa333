using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Deployster.Domain.Names;
using Deployster.Domain.Specs.Fields;

namespace Deployster.Domain.Specs;

/// <summary>
/// The fields of a spec. Each is declared here, once: requests and answers, their rules, the API document, what a deploy
/// inherits, and the options of its units all follow from the declarations.
/// </summary>
public static class SpecFields
{
    private const int MaxEntries = 500;

    /// <inheritdoc cref="DeploySpec.InstanceCount" />
    public static Field<DeploySpec, int> InstanceCount { get; } = new()
    {
        Name = "instance_count",
        Option = "Instances",
        Type = new WholeNumber(1, DeploySpec.MaxInstanceCount),
        Get = spec => spec.InstanceCount,
        Set = (spec, count) => spec with { InstanceCount = count },
        InRequest = $"How many units, {{limits}}; by default {DeploySpec.Default.InstanceCount}.",
        InAnswer = "How many units.",
    };

    /// <inheritdoc cref="DeploySpec.Image" />
    public static Field<DeploySpec, ImageName?> Image { get; } = new()
    {
        Name = "image",
        Option = "ImageName",
        Type = new Text<ImageName?>(ImageName.Read, ImageName.Rule) { Pattern = ImageName.Pattern },
        Get = spec => spec.Image,
        Set = (spec, image) => spec with { Image = image },
        InRequest = "The image without its tag, which is the version: another name under the prefix, `railsapp`, or a full reference, `ghcr.io/org/app`; by default the service's name.",
        InAnswer = "The image without its tag; null for the service's name.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.Env" />
    public static Field<DeploySpec, ImmutableSortedDictionary<string, string>> Env { get; } = new()
    {
        Name = "env",
        Option = "Env",
        Type = new Variables { HidesValues = true },
        Get = spec => spec.Env,
        Set = (spec, env) => spec with { Env = env },
        InRequest = "Environment variables by name.",
        InAnswer = "Environment variables by name. For a reader the values are null.",
    };

    /// <inheritdoc cref="DeploySpec.SecretEnv" />
    public static Field<DeploySpec, ImmutableSortedDictionary<string, Secret>> SecretEnv { get; } = new()
    {
        Name = "secret_env",
        Option = "SecretEnv",
        Type = new Secrets(),
        Get = spec => spec.SecretEnv,
        Set = (spec, secrets) => spec with { SecretEnv = secrets },
        InRequest = "Environment variables whose values are never shown, by name. They are merged with those of the running version; null removes one.",
        InAnswer = "The names of the environment variables whose values are never shown.",
    };

    /// <inheritdoc cref="DeploySpec.Port" />
    public static Field<DeploySpec, int> Port { get; } = new()
    {
        Name = "port",
        Option = "Port",
        Type = new WholeNumber(0, ushort.MaxValue),
        Get = spec => spec.Port,
        Set = (spec, port) => spec with { Port = port },
        InRequest = $"The port on which the service answers in its container; by default {DeploySpec.Default.Port}. 0: it answers nowhere, gets no requests, and is healthy when it runs.",
        InAnswer = "The port on which the service answers in its container; 0 for none.",
    };

    /// <inheritdoc cref="DeploySpec.Hosts" />
    public static Field<DeploySpec, ImmutableArray<HostName>> Hosts { get; } = new()
    {
        Name = "hosts",
        Option = "Host",
        Type = new TextList<HostName>(text => HostName.TryParse(text, out var host) ? host : null, HostName.Rule, MaxEntries)
        {
            Key = host => host,
            KeyRule = "must name each host once.",
            HasUniqueEntries = true,
        },
        Get = spec => spec.Hosts,
        Set = (spec, hosts) => spec with { Hosts = hosts },
        InRequest = "Host names beside the service's own whose requests the gateway sends to its units: `www.example.com`.",
        InAnswer = "Host names beside the service's own whose requests the gateway sends to its units.",
    };

    /// <inheritdoc cref="DeploySpec.PathPrefix" />
    public static Field<DeploySpec, PathPrefix?> PathPrefix { get; } = new()
    {
        Name = "path_prefix",
        Option = "PathPrefix",
        Type = new Text<PathPrefix?>(Specs.PathPrefix.Read, Specs.PathPrefix.Rule) { Pattern = Specs.PathPrefix.Pattern, IsQuoted = true },
        Get = spec => spec.PathPrefix,
        Set = (spec, prefix) => spec with { PathPrefix = prefix },
        InRequest = "The beginning of the paths whose requests the gateway sends to its units: `/api`; by default all. Services may share a host name where their prefixes differ: the longest one wins.",
        InAnswer = "The beginning of the paths whose requests the gateway sends to its units; null for all.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.StripPrefix" />
    public static Field<DeploySpec, bool?> StripPrefix { get; } = new()
    {
        Name = "strip_prefix",
        Option = "StripPrefix",
        Type = new Flag(),
        Get = spec => spec.StripPrefix,
        Set = (spec, strips) => spec with { StripPrefix = strips },
        InRequest = "Whether units get the path without `path_prefix`; by default they get it as it came.",
        InAnswer = "Whether units get the path without `path_prefix`; null for no.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.HttpsRedirect" />
    public static Field<DeploySpec, bool?> HttpsRedirect { get; } = new()
    {
        Name = "https_redirect",
        Option = "HttpsRedirect",
        Type = new Flag(),
        Get = spec => spec.HttpsRedirect,
        Set = (spec, redirects) => spec with { HttpsRedirect = redirects },
        InRequest = "Whether the gateway redirects plain HTTP to HTTPS; by default it does where it has a certificate for the host name, unless it was told otherwise at its start.",
        InAnswer = "Whether the gateway redirects plain HTTP to HTTPS; null for as it was told at its start.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.Affinity" />
    public static Field<DeploySpec, Affinity?> Affinity { get; } = new()
    {
        Name = "affinity",
        Option = "Affinity",
        Type = new Choice<Affinity>(),
        Get = spec => spec.Affinity,
        Set = (spec, affinity) => spec with { Affinity = affinity },
        InRequest = "`cookie` keeps a client at one unit for as long as that serves; by default each request goes to the unit with the fewest.",
        InAnswer = "How a client is kept at one unit; null for not at all.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.Timeouts" />
    public static Field<DeploySpec, Timeouts?> Timeouts { get; } = new()
    {
        Name = "timeouts",
        Type = TimeoutsFields.Group,
        Get = spec => spec.Timeouts,
        Set = (spec, timeouts) => spec with { Timeouts = timeouts },
        InRequest = "How long the gateway waits for a unit and its clients.",
        InAnswer = "How long the gateway waits for a unit and its clients; null for the defaults.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.Volumes" />
    public static Field<DeploySpec, ImmutableArray<Volume>> Volumes { get; } = new()
    {
        Name = "volumes",
        Option = "Volume",
        Type = new TextList<Volume>(text => Volume.TryParse(text, out var volume) ? volume : null, Volume.Rule, MaxEntries)
        {
            Key = volume => volume.Target,
            KeyRule = "must have a target of its own for each entry.",
            IsQuoted = true,
        },
        Get = spec => spec.Volumes,
        Set = (spec, volumes) => spec with { Volumes = volumes },
        InRequest = "Host folders and named volumes, as docker run takes them: `/srv/data:/data:ro,z`.",
        InAnswer = "Host folders and named volumes.",
    };

    /// <inheritdoc cref="DeploySpec.Command" />
    public static Field<DeploySpec, WordsOrLine> Command { get; } = new()
    {
        Name = "command",
        Option = "Command",
        Type = new Words(),
        Get = spec => new WordsOrLine(spec.Command, spec.CommandLine),
        Set = (spec, command) => spec with { Command = command.Words, CommandLine = command.Line },
        InRequest = "What runs in the container instead of the image's own command: a list of words, or a line that is split as a shell does.",
        InAnswer = "What runs in the container; empty for the image's own command.",
    };

    /// <inheritdoc cref="DeploySpec.ReleaseCommand" />
    public static Field<DeploySpec, WordsOrLine> ReleaseCommand { get; } = new()
    {
        Name = "release_command",
        Option = "ReleaseCommand",
        Type = new Words(),
        Get = spec => new WordsOrLine(spec.ReleaseCommand, spec.ReleaseLine),
        Set = (spec, command) => spec with { ReleaseCommand = command.Words, ReleaseLine = command.Line },
        InRequest = "A command that runs once as a task, in the new image with the deploy's settings, before anything is launched or stopped. If it ends with another exit code than 0, the deploy has failed and nothing has changed.",
        InAnswer = "The command that runs before anything is launched; empty for none.",
    };

    /// <inheritdoc cref="DeploySpec.ReleaseTimeout" />
    public static Field<DeploySpec, TimeSpan> ReleaseTimeout { get; } = new()
    {
        Name = "release_timeout",
        Option = "ReleaseTimeout",
        Type = new Seconds(1, (int)DeploySpec.MaxTime.TotalSeconds),
        Get = spec => spec.ReleaseTimeout,
        Set = (spec, timeout) => spec with { ReleaseTimeout = timeout },
        InRequest = $"How many seconds the release command may take; by default {DeploySpec.Default.ReleaseTimeout.TotalSeconds}. The deadline counts from its end.",
        InAnswer = "How many seconds the release command may take.",
    };

    /// <inheritdoc cref="DeploySpec.Memory" />
    public static Field<DeploySpec, MemorySize?> Memory { get; } = new()
    {
        Name = "memory",
        Option = "Memory",
        Type = new Text<MemorySize?>(text => MemorySize.TryParse(text, out var size) ? size : null, MemorySize.Rule)
        {
            Pattern = MemorySize.Pattern,
        },
        Get = spec => spec.Memory,
        Set = (spec, memory) => spec with { Memory = memory },
        InRequest = "The most memory a unit may use: `512m`; by default there is no limit.",
        InAnswer = "The most memory a unit may use; null for no limit.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.Cpus" />
    public static Field<DeploySpec, decimal?> Cpus { get; } = new()
    {
        Name = "cpus",
        Option = "Cpus",
        Type = new Number(0.01m, 1024, decimals: 3),
        Get = spec => spec.Cpus,
        Set = (spec, cpus) => spec with { Cpus = cpus },
        InRequest = "The most processor time a unit may use, in cores; by default there is no limit.",
        InAnswer = "The most processor time a unit may use, in cores; null for no limit.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.HealthCheck" />
    public static Field<DeploySpec, HealthCheck?> HealthCheck { get; } = new()
    {
        Name = "health_check",
        Type = HealthCheckFields.Group,
        Get = spec => spec.HealthCheck,
        Set = (spec, check) => spec with { HealthCheck = check },
        InRequest = "The request that a healthy unit answers with 2xx; by default an open port is enough.",
        InAnswer = "The request that a healthy unit answers with 2xx; null where an open port is enough.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.MinHealthy" />
    public static Field<DeploySpec, TimeSpan?> MinHealthy { get; } = new()
    {
        Name = "min_healthy_seconds",
        Option = "MinHealthySeconds",
        Type = new SecondsOrNone(0, 3600),
        Get = spec => spec.MinHealthyAsked,
        Show = spec => spec.MinHealthy,
        Set = (spec, time) => spec with { MinHealthyAsked = time },
        InRequest = $"How many seconds every unit must have been healthy without a break; by default {DeploySpec.Default.MinHealthy.TotalSeconds}, and {(DeploySpec.Default with { Port = 0 }).MinHealthy.TotalSeconds} where `port` is 0.",
        InAnswer = "How many seconds every unit must have been healthy without a break.",
    };

    /// <inheritdoc cref="DeploySpec.Deadline" />
    public static Field<DeploySpec, TimeSpan> Deadline { get; } = new()
    {
        Name = "deadline",
        Option = "Deadline",
        Type = new Seconds(1, (int)DeploySpec.MaxTime.TotalSeconds),
        Get = spec => spec.Deadline,
        Set = (spec, deadline) => spec with { Deadline = deadline },
        InRequest = $"How many seconds the deploy may take to become healthy; by default {DeploySpec.Default.Deadline.TotalSeconds}.",
        InAnswer = "How many seconds the deploy may take.",
    };

    /// <inheritdoc cref="DeploySpec.StopTimeout" />
    public static Field<DeploySpec, TimeSpan> StopTimeout { get; } = new()
    {
        Name = "stop_timeout",
        Option = "StopTimeout",
        Type = new Seconds(1, 3600),
        Get = spec => spec.StopTimeout,
        Set = (spec, timeout) => spec with { StopTimeout = timeout },
        InRequest = $"How many seconds a unit that is stopped may take to end by itself before it is killed; by default {DeploySpec.Default.StopTimeout.TotalSeconds}.",
        InAnswer = "How many seconds a unit that is stopped may take to end by itself before it is killed.",
    };

    /// <inheritdoc cref="DeploySpec.StopSignal" />
    public static Field<DeploySpec, StopSignal?> StopSignal { get; } = new()
    {
        Name = "stop_signal",
        Option = "StopSignal",
        Type = new Text<StopSignal?>(Specs.StopSignal.Read, Specs.StopSignal.Rule) { Pattern = Specs.StopSignal.Pattern },
        Get = spec => spec.StopSignal,
        Set = (spec, signal) => spec with { StopSignal = signal },
        InRequest = "The signal that asks a unit to end: `SIGQUIT`; by default the image's own, `SIGTERM` if that has none.",
        InAnswer = "The signal that asks a unit to end; null for the image's own.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.Strategy" />
    public static Field<DeploySpec, Strategy?> Strategy { get; } = new()
    {
        Name = "strategy",
        Type = StrategyFields.Group,
        Get = spec => spec.Strategy,
        Set = (spec, strategy) => spec with { Strategy = strategy },
        InRequest = "How the deploy takes the place of the units that it replaces: all at once by default, in batches, or after a canary.",
        InAnswer = "How the deploy takes the place of the units that it replaces; null for all at once.",
        IsNullable = true,
    };

    /// <inheritdoc cref="DeploySpec.Container" />
    public static Field<DeploySpec, Container?> Container { get; } = new()
    {
        Name = "container",
        Type = ContainerFields.Group,
        Get = spec => spec.Container,
        Set = (spec, container) => spec with { Container = ContainerFields.Group.AreEqual(container, Specs.Container.None) ? null : container },
        InRequest = "Further settings of the containers, as docker run has them. They are inherited as a whole.",
        InAnswer = "Further settings of the containers; null for none.",
        IsNullable = true,
    };

    /// <summary>All fields, in the order of the API document.</summary>
    public static ImmutableArray<Field<DeploySpec>> All { get; } =
    [
        InstanceCount, Image, Env, SecretEnv, Port, Hosts, PathPrefix, StripPrefix, HttpsRedirect, Affinity, Timeouts,
        Volumes, Command, ReleaseCommand, ReleaseTimeout, Memory, Cpus, HealthCheck, MinHealthy, Deadline, StopTimeout, StopSignal, Strategy, Container,
    ];

    // Env has always been stored behind Hosts. Fleet would take the same options in another order for another unit.
    private static readonly ImmutableArray<Field<DeploySpec>> s_stored = All.Remove(Env).Insert(All.IndexOf(Hosts), Env);

    /// <summary>The field of a name; null where there is none.</summary>
    public static Field<DeploySpec>? Find(string name) => All.FirstOrDefault(field => field.Name == name);

    /// <summary>The spec's fields by name, for an answer.</summary>
    public static JsonObject Tell(DeploySpec spec) => new(All.Select(field => KeyValuePair.Create(field.Name, field.Tell(spec))));

    /// <summary>The same for somebody who may know the names of variables, but not their values: those are null.</summary>
    public static JsonObject TellNames(DeploySpec spec)
    {
        var fields = Tell(spec);
        fields[Env.Name] = new JsonObject(spec.Env.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)null)));
        return fields;
    }

    /// <summary>The spec as options of a unit.</summary>
    internal static IEnumerable<(string Option, string Text)> Store(DeploySpec spec) => s_stored.SelectMany(field => field.Store(spec));

    /// <summary>The spec that a unit's options hold.</summary>
    internal static DeploySpec Restore(ILookup<string, string> lines) =>
        All.Aggregate(DeploySpec.Default, (spec, field) => field.Restore(spec, lines));

    /// <summary>The field, or the part of one, that stands in the line of an option: <c>env.NAME</c>; null where none does.</summary>
    internal static string? FindField(string option, string text) =>
        All.Select(field => field.FindField(option, text)).FirstOrDefault(found => found is not null);
}
