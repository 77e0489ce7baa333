using System.Globalization;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>The labels by which a container is a unit: its name, and the intention of its deploy.</summary>
internal static class ContainerLabels
{
    /// <summary>The unit's name.</summary>
    public const string Unit = "deployster.unit";

    /// <summary>Its service, for <c>docker ps --filter</c>.</summary>
    public const string Service = "deployster.service";

    /// <summary>Its version, likewise.</summary>
    public const string Version = "deployster.version";

    // The machine's port at which the unit's is published.
    private const string Port = "deployster.port";

    // Options can repeat, labels cannot; and the order counts.
    private const string OptionPrefix = "deployster.option.";

    /// <summary>The labels of a unit that is published at a port of the machine.</summary>
    public static Dictionary<string, string> Write(UnitDefinition definition, int? port)
    {
        var labels = new Dictionary<string, string>
        {
            [Unit] = definition.Name.ToString(),
            [Service] = definition.Name.Deploy.Service.Value,
            [Version] = definition.Name.Deploy.Version.Value,
        };
        if (port is { } published)
        {
            labels[Port] = published.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (index, option) in IntentionOptions.Write(definition.Intention).Index())
        {
            labels.Add(string.Create(CultureInfo.InvariantCulture, $"{OptionPrefix}{index:000}"), $"{option.Name}={option.Value}");
        }

        return labels;
    }

    /// <summary>Which unit a container is; null for somebody else's.</summary>
    public static UnitName? ReadUnit(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(Unit, out var text) && UnitName.TryParse(text, out var unit) ? unit : null;

    /// <summary>The machine's port at which a unit is published; null for somebody else's container, or an old one.</summary>
    public static int? ReadPort(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(Port, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : null;

    /// <summary>The intention that a unit carries; null where there is none that can be read.</summary>
    public static Intention? ReadIntention(IDictionary<string, string> labels) =>
        IntentionOptions.Read(
            from label in labels
            where label.Key.StartsWith(OptionPrefix, StringComparison.Ordinal)
            let option = label.Value.Split('=', 2)
            where option.Length == 2
            orderby label.Key.Length, label.Key
            select new UnitOption(IntentionOptions.Section, option[0], option[1]));
}
