using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;

namespace Deployster.Domain.Units;

/// <summary>
/// Writes an intention as options of a unit's section <c>X-Deployster</c> and reads it back.
/// A list takes one line an entry; free text stands in JSON's quotes, so that no blank at its end is trimmed
/// and no backslash there joins it with the next line.
/// </summary>
public static class IntentionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "X-Deployster";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The options that carry <paramref name="intention"/>.</summary>
    public static ImmutableArray<UnitOption> Write(Intention intention)
    {
        var options = ImmutableArray.CreateBuilder<UnitOption>();
        void Add(string name, FormattableString value) =>
            options.Add(new UnitOption(Section, name, value.ToString(CultureInfo.InvariantCulture)));
        void AddText(string name, string text) => Add(name, $"{JsonSerializer.Serialize(text, s_json)}");
        void AddTime(string name, TimeSpan time) => Add(name, $"{(decimal)time.Ticks / TimeSpan.TicksPerSecond}");

        var spec = intention.Spec;
        AddText("Image", intention.Image);
        if (intention.ImageId is { } imageId)
        {
            AddText("ImageId", imageId);
        }

        Add("RequestedAt", $"{intention.RequestedAt.UtcDateTime:O}");
        Add("DestroyPrevious", $"{(intention.DestroyPrevious ? "true" : "false")}");
        foreach (var replaced in intention.Replaces)
        {
            Add("Replaces", $"{replaced.Version}:{replaced.Timestamp} {replaced.UnitCount}");
        }

        Add("Instances", $"{spec.InstanceCount}");
        Add("Port", $"{spec.Port}");
        foreach (var host in spec.Hosts)
        {
            Add("Host", $"{host}");
        }

        foreach (var (name, value) in spec.Env)
        {
            AddText("Env", $"{name}={value}");
        }

        foreach (var volume in spec.Volumes)
        {
            AddText("Volume", volume.ToString());
        }

        foreach (var word in spec.Command)
        {
            AddText("Command", word);
        }

        if (spec.Memory is { } memory)
        {
            Add("Memory", $"{memory}");
        }

        if (spec.Cpus is { } cpus)
        {
            Add("Cpus", $"{cpus}");
        }

        if (spec.HealthCheck is { } check)
        {
            AddText("HealthPath", check.Path);
            AddTime("HealthInterval", check.Interval);
            AddTime("HealthTimeout", check.Timeout);
        }

        AddTime("MinHealthySeconds", spec.MinHealthy);
        AddTime("Deadline", spec.Deadline);
        return options.ToImmutable();
    }

    /// <summary>
    /// The intention that <paramref name="options"/> carry. Null where they carry none, or one that cannot be read:
    /// whatever somebody wrote into a unit must not stop the others.
    /// </summary>
    public static Intention? Read(IEnumerable<UnitOption> options)
    {
        var lines = options.Where(option => option.Section == Section).ToLookup(option => option.Name, option => option.Value);
        try
        {
            return lines["Image"].Any() ? Read(lines) : null;
        }
        catch (Exception e) when
            (e is FormatException or JsonException or InvalidOperationException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static Intention Read(ILookup<string, string> lines)
    {
        string One(string name) => lines[name].Single();
        IEnumerable<string> Texts(string name) => lines[name].Select(ReadText);

        return new Intention
        {
            Image = ReadText(One("Image")),
            ImageId = Texts("ImageId").SingleOrDefault(),
            RequestedAt = DateTimeOffset.Parse(One("RequestedAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            DestroyPrevious = bool.Parse(One("DestroyPrevious")),
            Replaces = [.. lines["Replaces"].Select(ReadReplaced)],
            Spec = new DeploySpec
            {
                InstanceCount = ReadCount(One("Instances"), DeploySpec.MaxInstanceCount),
                Port = ReadCount(One("Port"), ushort.MaxValue),
                Env = Texts("Env").Select(text => text.Split('=', 2)).ToImmutableSortedDictionary(
                    pair => pair[0], pair => pair is [_, var value] ? value : throw new FormatException(), StringComparer.Ordinal),
                Hosts = [.. lines["Host"].Select(HostName.Parse)],
                Volumes = [.. Texts("Volume").Select(text => Volume.TryParse(text, out var volume) ? volume : throw new FormatException())],
                Command = [.. Texts("Command")],
                Memory = lines["Memory"].SingleOrDefault() is { } memory
                    ? MemorySize.TryParse(memory, out var size) ? size : throw new FormatException()
                    : null,
                Cpus = lines["Cpus"].SingleOrDefault() is { } cpus ? decimal.Parse(cpus, CultureInfo.InvariantCulture) : null,
                HealthCheck = lines["HealthPath"].SingleOrDefault() is { } path
                    ? new HealthCheck(ReadPath(path)) { Interval = ReadTime(One("HealthInterval")), Timeout = ReadTime(One("HealthTimeout")) }
                    : null,
                MinHealthy = ReadTime(One("MinHealthySeconds")),
                Deadline = ReadTime(One("Deadline")),
            },
        };
    }

    private static string ReadText(string json) =>
        JsonSerializer.Deserialize<string>(json) is { } text && PlainText.IsOneLine(text) ? text : throw new FormatException();

    private static string ReadPath(string json) =>
        ReadText(json) is var path && HealthCheck.IsPath(path) ? path : throw new FormatException();

    private static int ReadCount(string text, int most) =>
        int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var count && count >= 1 && count <= most
            ? count
            : throw new FormatException();

    private static TimeSpan ReadTime(string text)
    {
        var time = TimeSpan.FromTicks((long)(decimal.Parse(text, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));
        return time >= TimeSpan.Zero && time <= DeploySpec.MaxTime ? time : throw new FormatException();
    }

    private static ReplacedDeploy ReadReplaced(string line)
    {
        var parts = line.Split(':', ' ');
        return parts is [var version, var timestamp, var count]
            ? new ReplacedDeploy(
                VersionTag.Parse(version),
                DeployTimestamp.Parse(timestamp),
                int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture))
            : throw new FormatException();
    }
}
