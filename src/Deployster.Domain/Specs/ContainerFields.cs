using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Deployster.Domain.Specs.Fields;

namespace Deployster.Domain.Specs;

/// <summary>The fields of the further settings of a container.</summary>
internal static partial class ContainerFields
{
    /// <summary>What Deployster's own labels begin with.</summary>
    private const string OwnLabels = "deployster.";

    private const int MaxEntries = 100;

    private static readonly Group<LogDestination> s_log = new(
        "Log",
        "Where an engine writes the output of a container.",
        new LogDestination(""),
        [
            new Field<LogDestination, string>
            {
                Name = "driver",
                Option = "LogDriver",
                Type = Word(Driver(), "the name of a log driver"),
                Get = log => log.Driver,
                Set = (log, driver) => log with { Driver = driver },
                InRequest = "The name of the engine's log driver.",
                InAnswer = "The name of the engine's log driver.",
                Example = "local",
                IsRequired = true,
            },
            new Field<LogDestination, ImmutableSortedDictionary<string, string>>
            {
                Name = "options",
                Option = "LogOption",
                Type = new Variables(),
                Get = log => log.Options,
                Set = (log, options) => log with { Options = options },
                InRequest = "The driver's options by name: `max-size`.",
                InAnswer = "The driver's options by name.",
            },
        ]);

    private static readonly ImmutableArray<Field<Container>> s_all =
    [
        new Field<Container, string?>
        {
            Name = "user",
            Option = "User",
            Type = Word(User(), "a user, or user:group, each by name or number")!,
            Get = container => container.User,
            Set = (container, user) => container with { User = user },
            InRequest = "The user, or `user:group`; by default the image's own.",
            InAnswer = "The user; null for the image's own.",
            IsNullable = true,
        },
        new Field<Container, bool?>
        {
            Name = "init",
            Option = "Init",
            Type = new Flag(),
            Get = container => container.Init,
            Set = (container, init) => container with { Init = init },
            InRequest = "Whether an init is the first process, which reaps children and hands signals on; by default only in tasks.",
            InAnswer = "Whether an init is the first process; null for only in tasks.",
            IsNullable = true,
        },
        new Field<Container, ImmutableSortedDictionary<string, string>>
        {
            Name = "labels",
            Option = "Label",
            Type = new Variables
            {
                IsRefused = name => name.StartsWith(OwnLabels, StringComparison.Ordinal) || name == OwnLabels.TrimEnd('.'),
                Refusal = $"cannot be set: labels that begin with '{OwnLabels}' are Deployster's own.",
            },
            Get = container => container.Labels,
            Set = (container, labels) => container with { Labels = labels },
            InRequest = "Labels by name. Tasks do not have them.",
            InAnswer = "Labels by name.",
        },
        new Field<Container, LogDestination?>
        {
            Name = "log",
            Type = s_log,
            Get = container => container.Log,
            Set = (container, log) => container with { Log = log },
            InRequest = "Where the output goes; by default where the engine is told to write it. Deployster shows what the engine can read there.",
            InAnswer = "Where the output goes; null for where the engine is told to write it.",
            IsNullable = true,
        },
        List("networks", "Network", Network(), "the name of a network, not host or none", container => container.Networks, (container, list) => container with { Networks = list },
            "Networks that the container joins beside Deployster's own. They must exist."),
        new Field<Container, MemorySize?>
        {
            Name = "shm_size",
            Option = "ShmSize",
            Type = new Text<MemorySize?>(text => MemorySize.TryParse(text, out var size) ? size : null, MemorySize.Rule) { Pattern = MemorySize.Pattern },
            Get = container => container.ShmSize,
            Set = (container, size) => container with { ShmSize = size },
            InRequest = "The size of /dev/shm: `256m`; by default the engine's.",
            InAnswer = "The size of /dev/shm; null for the engine's default.",
            IsNullable = true,
        },
        new Field<Container, ImmutableArray<TmpfsMount>>
        {
            Name = "tmpfs",
            Option = "Tmpfs",
            Type = new TextList<TmpfsMount>(TmpfsMount.Read, TmpfsMount.Rule, MaxEntries)
            {
                Key = mount => mount.Target,
                KeyRule = "must have a target of its own for each entry.",
                IsQuoted = true,
            },
            Get = container => container.Tmpfs,
            Set = (container, mounts) => container with { Tmpfs = mounts },
            InRequest = "Folders in memory, as docker run takes them: `/run:size=64m`.",
            InAnswer = "Folders in memory.",
        },
        new Field<Container, bool?>
        {
            Name = "read_only",
            Option = "ReadOnly",
            Type = new Flag(),
            Get = container => container.ReadOnly,
            Set = (container, isReadOnly) => container with { ReadOnly = isReadOnly },
            InRequest = "Whether its file system, but for volumes and tmpfs, cannot be written; by default it can.",
            InAnswer = "Whether its file system cannot be written; null for no.",
            IsNullable = true,
        },
        List("cap_add", "CapAdd", Capability(), "the name of a capability, as NET_ADMIN, or ALL", container => container.CapAdd, (container, list) => container with { CapAdd = list },
            "Capabilities that are added to the engine's default ones: `NET_ADMIN`."),
        List("cap_drop", "CapDrop", Capability(), "the name of a capability, as NET_ADMIN, or ALL", container => container.CapDrop, (container, list) => container with { CapDrop = list },
            "Capabilities that are taken from the engine's default ones: `ALL`."),
        new Field<Container, ImmutableSortedDictionary<string, Ulimit>>
        {
            Name = "ulimits",
            Option = "Ulimit",
            Type = new Ulimits(),
            Get = container => container.Ulimits,
            Set = (container, limits) => container with { Ulimits = limits },
            InRequest = "Limits of its processes by name: `nofile`.",
            InAnswer = "Limits of its processes by name.",
        },
        new Field<Container, ImmutableArray<ExtraHost>>
        {
            Name = "extra_hosts",
            Option = "ExtraHost",
            Type = new TextList<ExtraHost>(ExtraHost.Read, ExtraHost.Rule, MaxEntries)
            {
                Key = host => host,
                KeyRule = "must have each entry once.",
                HasUniqueEntries = true,
            },
            Get = container => container.ExtraHosts,
            Set = (container, hosts) => container with { ExtraHosts = hosts },
            InRequest = "Further lines of its hosts file, as docker run takes them: `db:10.0.0.7`.",
            InAnswer = "Further lines of its hosts file.",
        },
    ];

    public static Group<Container> Group { get; } =
        new("Container", "Further settings of a container, as docker run has them.", Container.None, s_all);

    private static Text<string> Word(Regex grammar, string rule) =>
        new(text => grammar.IsMatch(text) ? text : null, rule) { Pattern = DocumentPattern(grammar) };

    private static Field<Container, ImmutableArray<string>> List(
        string name,
        string option,
        Regex grammar,
        string rule,
        Func<Container, ImmutableArray<string>> get,
        Func<Container, ImmutableArray<string>, Container> set,
        string description) => new()
        {
            Name = name,
            Option = option,
            Type = new TextList<string>(text => grammar.IsMatch(text) ? text : null, rule, MaxEntries)
            {
                Key = entry => entry,
                KeyRule = "must have each entry once.",
                HasUniqueEntries = true,
            },
            Get = get,
            Set = set,
            InRequest = description,
            InAnswer = description,
        };

    // As the document has it: ^ and $ are the text's ends there.
    private static string DocumentPattern(Regex grammar) => grammar.ToString().Replace(@"\A", "^", StringComparison.Ordinal).Replace(@"\z", "$", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[a-z0-9][a-zA-Z0-9_./:-]{0,127}\z")]
    private static partial Regex Driver();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?\z")]
    private static partial Regex User();

    [GeneratedRegex(@"\A(?!(?:host|none)\z)[A-Za-z0-9][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex Network();

    [GeneratedRegex(@"\A[A-Z][A-Z_]{1,63}\z")]
    private static partial Regex Capability();
}
