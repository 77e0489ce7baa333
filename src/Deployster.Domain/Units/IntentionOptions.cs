using System.Collections.Immutable;
using System.Globalization;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Specs.Fields;

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

    /// <summary>The options that carry <paramref name="intention"/>.</summary>
    public static ImmutableArray<UnitOption> Write(Intention intention)
    {
        var options = ImmutableArray.CreateBuilder<UnitOption>();
        void Add(string name, FormattableString value) =>
            options.Add(new UnitOption(Section, name, value.ToString(CultureInfo.InvariantCulture)));
        void AddText(string name, string text) => Add(name, $"{StoredText.Write(text)}");

        AddText("Image", intention.Image);
        if (intention.ImageId is { } imageId)
        {
            AddText("ImageId", imageId);
        }

        Add("RequestedAt", $"{intention.RequestedAt.UtcDateTime:O}");
        Add("DestroyPrevious", $"{(intention.DestroyPrevious ? "true" : "false")}");
        if (intention.RunsRelease)
        {
            Add("RunsRelease", $"true");
        }

        foreach (var replaced in intention.Replaces)
        {
            Add("Replaces", $"{replaced.Version}:{replaced.Timestamp} {replaced.UnitCount}");
        }

        foreach (var (name, text) in SpecFields.Store(intention.Spec))
        {
            options.Add(new UnitOption(Section, name, text));
        }

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
            (e is FormatException or InvalidOperationException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The image's name, and its id where that is known, of lines as <c>Image="mycompany/railsapp:7bdae1c"</c>; null where
    /// they tell none that can be read.
    /// </summary>
    public static (string Name, string? Id)? ReadImage(IEnumerable<string> lines)
    {
        var texts = lines.Select(line => line.Split('=', 2)).ToLookup(parts => parts[0], parts => parts[^1]);
        try
        {
            return (StoredText.Read(texts["Image"].Single()), texts["ImageId"].Select(StoredText.Read).SingleOrDefault());
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The field of a spec, or the part of one, that stands in an option: <c>env.NAME</c>; null where none does.</summary>
    public static string? FindField(UnitOption option) => SpecFields.FindField(option.Name, option.Value);

    private static Intention Read(ILookup<string, string> lines)
    {
        string One(string name) => lines[name].Single();
        IEnumerable<string> Texts(string name) => lines[name].Select(StoredText.Read);

        return new Intention
        {
            Image = StoredText.Read(One("Image")),
            ImageId = Texts("ImageId").SingleOrDefault(),
            RequestedAt = DateTimeOffset.Parse(One("RequestedAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            DestroyPrevious = bool.Parse(One("DestroyPrevious")),
            RunsRelease = lines["RunsRelease"].SingleOrDefault() is { } runs && bool.Parse(runs),
            Replaces = [.. lines["Replaces"].Select(ReadReplaced)],
            Spec = SpecFields.Restore(lines),
        };
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
