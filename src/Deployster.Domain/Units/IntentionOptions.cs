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

        var spec = intention.Spec;
        AddText("Image", intention.Image);
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
            Add("HealthInterval", $"{check.Interval.TotalSeconds}");
            Add("HealthTimeout", $"{check.Timeout.TotalSeconds}");
        }

        Add("MinHealthySeconds", $"{spec.MinHealthy.TotalSeconds}");
        Add("Deadline", $"{spec.Deadline.TotalSeconds}");
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
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    private static Intention Read(ILookup<string, string> lines)
    {
        string One(string name) => lines[name].Single();
        IEnumerable<string> Texts(string name) => lines[name].Select(ReadText);
        TimeSpan Seconds(string name) => TimeSpan.FromSeconds(double.Parse(One(name), CultureInfo.InvariantCulture));

        return new Intention
        {
            Image = ReadText(One("Image")),
            RequestedAt = DateTimeOffset.Parse(One("RequestedAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            DestroyPrevious = bool.Parse(One("DestroyPrevious")),
            Replaces = [.. lines["Replaces"].Select(ReadReplaced)],
            Spec = new DeploySpec
            {
                InstanceCount = int.Parse(One("Instances"), CultureInfo.InvariantCulture),
                Port = int.Parse(One("Port"), CultureInfo.InvariantCulture),
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
                    ? new HealthCheck(ReadText(path)) { Interval = Seconds("HealthInterval"), Timeout = Seconds("HealthTimeout") }
                    : null,
                MinHealthy = Seconds("MinHealthySeconds"),
                Deadline = Seconds("Deadline"),
            },
        };
    }

    private static string ReadText(string json) => JsonSerializer.Deserialize<string>(json) ?? throw new FormatException();

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
