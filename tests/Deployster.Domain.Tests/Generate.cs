using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FsCheck;
using FsCheck.Fluent;

namespace Deployster.Domain.Tests;

/// <summary>Generators of what the domain speaks of, valid and not, with the odd ones more often than chance would have them.</summary>
internal static class Generate
{
    private static readonly string[] s_hostile =
    [
        " ", "\t", "\\", "\"", "'", "=", "[Service]", "#", ";", "%", "$", "`", ":", "@", "é", "🚀", "\ufeff", "\u00a0", "\\n", "{", "<",
    ];

    private static readonly string[] s_forbidden = ["\n", "\r", "\0", "\u0085", "\u2028", "\ud800", "\udc00", "\u001b", "\uffff"];

    public static Gen<char> LetterOrDigit { get; } = Gen.Elements("abcxyz019".ToCharArray());

    /// <summary>Any string at all: half of them of the pieces that make trouble.</summary>
    public static Gen<string> AnyString { get; } = Gen.Frequency(
        (1, Text([.. s_hostile, .. s_forbidden, "a", "1", "v1", ".", "-", "_", ".service", "2015.03.02-00.31.45"])),
        (1, Gen.Choose(0, 0xffff).Select(code => (char)code).ArrayOf().Select(chars => new string(chars))));

    /// <summary>Text that may stand on one line.</summary>
    public static Gen<string> OneLine { get; } = Text([.. s_hostile, "a", "Z", "1", "word", "Name=Value", "/path"]);

    /// <summary>Text that a process may have as an argument or a variable's value.</summary>
    public static Gen<string> ProcessText { get; } =
        Text([.. s_hostile, .. s_forbidden.Where(piece => PlainText.IsText(piece)), "a", "Z", "1", "\r\n", "-----BEGIN KEY-----"]);

    public static Gen<ServiceName> ServiceName { get; } =
        from words in Word.NonEmptyListOf()
        from separators in Gen.Elements(".", "_", "-", "__", "--").ListOf(words.Count)
        let text = string.Concat(words.Zip(separators, (word, separator) => word + separator))
        select Domain.Names.ServiceName.Parse(text[..Math.Min(text.Length, Domain.Names.ServiceName.MaxLength)].TrimEnd('.', '_', '-'));

    public static Gen<VersionTag> Version { get; } =
        from first in Gen.Elements("aZ9_".ToCharArray())
        from rest in Gen.Elements("aZ9_.-".ToCharArray()).ListOf()
        select VersionTag.Parse(first + string.Concat(rest.Take(VersionTag.MaxLength - 1)));

    public static Gen<DeployTimestamp> Timestamp { get; } =
        from day in Gen.Choose(0, 3_652_058)
        from second in Gen.Choose(0, 86_399)
        select DeployTimestamp.At(DateTimeOffset.MinValue.AddDays(day).AddSeconds(second));

    public static Gen<UnitName> UnitName { get; } =
        from service in ServiceName
        from version in Version
        from timestamp in Timestamp
        from instance in Gen.Choose(1, DeploySpec.MaxInstanceCount)
        select new UnitName(new DeployId(service, version, timestamp), instance);

    public static Gen<DeploySpec> Spec { get; } =
        from count in Gen.Choose(1, DeploySpec.MaxInstanceCount)
        from port in Gen.Frequency((9, Gen.Choose(1, 65535)), (1, Gen.Constant(0)))
        from hosts in Host.ArrayOf()
        from env in Gen.Zip(EnvName, ProcessText).ListOf()
        from volumes in Volume.ArrayOf()
        from command in ProcessText.ArrayOf()
        from release in ProcessText.ArrayOf()
        from memory in Gen.Choose(6, 16384).Select(mebibytes => (MemorySize?)new MemorySize((long)mebibytes << 20)).OrNone()
        from cpus in Gen.Choose(10, 1_024_000).Select(thousandths => (decimal?)(thousandths / 1000m)).OrNone()
        from check in HealthCheck.OrNone()
        from minHealthy in Time(0)
        from deadline in Time(1)
        from prefix in Prefix.OrNone()
        from flags in Gen.Elements<bool?>(true, false, null).ListOf(2)
        from affinity in Gen.Elements<Affinity?>(Affinity.Cookie, null)
        from timeouts in Timeouts.OrNone()
        from stopTimeout in Gen.Choose(1, 3600)
        from image in Gen.Elements(null, "railsapp", "ghcr.io/org/app", "localhost:5000/a")
        from secrets in Gen.Zip(EnvName, ProcessText.Select(text => (string?)text).OrNone()).ListOf()
        from line in ProcessText.Select(text => (string?)text).OrNone()
        from container in Container
        from stopSignal in Gen.Elements(null, "SIGQUIT", "SIGRTMIN+3")
        from strategy in Strategy.OrNone()
        select new DeploySpec
        {
            PathPrefix = prefix,
            StripPrefix = flags[0],
            HttpsRedirect = flags[1],
            Affinity = affinity,
            Timeouts = timeouts,
            StopTimeout = TimeSpan.FromSeconds(stopTimeout),
            StopSignal = stopSignal is null ? null : StopSignal.Read(stopSignal),
            Strategy = strategy,
            Image = image is null ? null : ImageName.Read(image),
            SecretEnv = SecretVariables.None.AddRange(secrets.DistinctBy(pair => pair.Item1)
                .Select(pair => KeyValuePair.Create(pair.Item1, new Secret(pair.Item2)))),
            CommandLine = line,
            ReleaseCommand = [.. release],
            ReleaseLine = line,
            ReleaseTimeout = TimeSpan.FromSeconds(stopTimeout),
            Container = container,
            InstanceCount = count,
            Port = port,
            Hosts = [.. hosts],
            Env = env.DistinctBy(pair => pair.Item1)
                .ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
            Volumes = [.. volumes],
            Command = [.. command],
            Memory = memory,
            Cpus = cpus,
            HealthCheck = check,
            MinHealthy = minHealthy,
            Deadline = deadline,
        };

    public static Gen<Intention> Intention { get; } =
        from image in OneLine
        from imageId in OneLine.Select(text => (string?)text).OrNone()
        from requestedAt in Gen.Choose(0, int.MaxValue)
        from destroyPrevious in Gen.Elements(true, false)
        from runsRelease in Gen.Elements(true, false)
        from replaces in (
            from version in Version
            from timestamp in Timestamp
            from count in Gen.Choose(1, DeploySpec.MaxInstanceCount)
            select new ReplacedDeploy(version, timestamp, count)).ArrayOf()
        from spec in Spec
        select new Intention
        {
            Image = image,
            ImageId = imageId,
            RequestedAt = DateTimeOffset.UnixEpoch.AddTicks(requestedAt * 7_654_321L),
            DestroyPrevious = destroyPrevious,
            RunsRelease = runsRelease,
            Replaces = [.. replaces],
            Spec = spec,
        };

    private static Gen<string> Word => LetterOrDigit.NonEmptyListOf().Select(string.Concat);

    private static Gen<Domain.Names.HostName> Host =>
        from labels in Word.Resize(20).NonEmptyListOf()
        select Domain.Names.HostName.Parse(string.Join('.', labels.Take(10)));

    private static Gen<string> EnvName =>
        from first in Gen.Elements("aZ_9. -/".ToCharArray())
        from rest in Gen.Elements("a", "Z", "9", "_", ".", "-", " ", "\n", "é", "\"", "\\").ListOf()
        select first + string.Concat(rest);

    // Of none of its settings there is no container.
    private static Gen<Container?> Container =>
        from labels in Gen.Zip(EnvName, ProcessText).ListOf()
        from driver in Gen.Elements(null, "local", "json-file")
        from options in Gen.Zip(EnvName, ProcessText).ListOf()
        from flags in Gen.Elements<bool?>(true, false, null).ListOf(2)
        from user in Gen.Elements(null, "1000:1000", "www-data")
        from networks in Gen.Elements("back", "front.end").ListOf()
        from capabilities in Gen.Elements("NET_ADMIN", "ALL").ListOf()
        from target in OneLine.Resize(20).Select(Path)
        from soft in Gen.Choose(-1, 4096)
        from hard in Gen.Choose(4096, 8192)
        from isAny in Gen.Elements(true, false)
        select !isAny ? null : new Container
        {
            User = user,
            Init = flags[0],
            Labels = Texts(labels),
            Log = driver is null ? null : new LogDestination(driver) { Options = Texts(options) },
            Networks = [.. networks.Distinct()],
            ShmSize = new MemorySize((long)hard << 20),
            Tmpfs = [new TmpfsMount(target, "size=1m")],
            ReadOnly = flags[1],
            CapAdd = [.. capabilities.Distinct()],
            CapDrop = ["MKNOD"],
            Ulimits = Domain.Specs.Container.None.Ulimits.Add("nofile", new Ulimit(soft, soft == -1 ? -1 : hard)),
            ExtraHosts = [new ExtraHost("db", "10.0.0.7"), new ExtraHost("v6", "fe80::1")],
        };

    private static ImmutableSortedDictionary<string, string> Texts(IEnumerable<(string, string)> pairs) => pairs
        .DistinctBy(pair => pair.Item1)
        .ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    private static Gen<Volume> Volume =>
        from source in Gen.Frequency((1, Word.Resize(20).Select(name => $"v{name}")), (1, OneLine.Resize(20).Select(Path)))
        from target in OneLine.Resize(20).Select(Path)
        from options in Gen.Elements("", "ro", "z", "ro,Z", "Z,ro")
        select new Volume(source, target, options);

    private static Gen<HealthCheck?> HealthCheck =>
        from path in Gen.Elements("a", "/", "%20", "?q=", "&", "$x", "-", "~", "*", ";", "(", ")").ListOf()
        from interval in Gen.OneOf(Time(1), Gen.Choose(1, 60).Select(seconds => TimeSpan.FromSeconds(seconds)))
        from timeout in Gen.OneOf(Time(1), Gen.Choose(1, 60).Select(seconds => TimeSpan.FromSeconds(seconds)))
        from host in Host.Select(host => (Domain.Names.HostName?)host).OrNone()
        from port in Gen.Choose(1, 65535).Select(port => (int?)port).OrNone()
        select (HealthCheck?)new HealthCheck($"/{string.Concat(path)}") { Interval = interval, Timeout = timeout, Host = host, Port = port };

    private static Gen<PathPrefix?> Prefix =>
        from segments in Gen.Elements("a", "api", "v1.0", "~x", "%20", "$y").NonEmptyListOf()
        select PathPrefix.Read($"/{string.Join('/', segments.Take(8))}");

    private static Gen<Timeouts?> Timeouts =>
        from response in Gen.Choose(1, 86_400)
        from idle in Gen.Choose(1, 86_400).Select(seconds => (TimeSpan?)TimeSpan.FromSeconds(seconds)).OrNone()
        select (Timeouts?)new Timeouts { Response = TimeSpan.FromSeconds(response), Idle = idle };

    private static Gen<Strategy?> Strategy =>
        from portions in Gen.OneOf(
            Gen.Choose(0, 1000).Select(count => new Portion(count)),
            Gen.Choose(0, 100).Select(number => new Portion(number, IsPercentage: true))).ListOf(2)
        from canary in Gen.Choose(1, 1000).Select(count => (int?)count).OrNone()
        from seconds in Gen.Choose(1, 86_400).Select(seconds => (TimeSpan?)TimeSpan.FromSeconds(seconds)).OrNone()
        select (Strategy?)new Strategy { MaxSurge = portions[0], MaxUnavailable = portions[1], Canary = canary, CanaryTime = seconds };

    private static string Path(string text) => $"/p{text.Replace(":", "", StringComparison.Ordinal)}";

    private static Gen<string> Text(string[] pieces) => Gen.Elements(pieces).ListOf().Select(string.Concat);

    private static Gen<TimeSpan> Time(int least) => Gen.Frequency(
        (3, Gen.Choose(least, 86_400).Select(seconds => TimeSpan.FromSeconds(seconds))),
        (1, Gen.Choose(least, int.MaxValue).Select(ticks => TimeSpan.FromTicks(ticks))));

    private static Gen<T?> OrNone<T>(this Gen<T?> some) => Gen.Frequency((1, Gen.Constant(default(T))), (2, some));
}
