using System.Globalization;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;

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

    // Options can repeat, labels cannot; and the order counts.
    private const string OptionPrefix = "deployster.option.";

    /// <summary>The labels of a unit.</summary>
    public static Dictionary<string, string> Write(UnitDefinition definition, EngineScope scope)
    {
        Dictionary<string, string> own = new((definition.Intention.Spec.Container ?? Container.None).Labels)
        {
            [Unit] = definition.Name.ToString(),
            [Service] = definition.Name.DeployId.Service.Value,
            [Version] = definition.Name.DeployId.Version.Value,
        };
        var labels = scope.AddTo(own);
        foreach (var (name, value) in OptionsOf(definition.Intention))
        {
            labels.Add(name, value);
        }

        return labels;
    }

    /// <summary>The labels that hold an intention.</summary>
    public static IEnumerable<(string Name, string Value)> OptionsOf(Intention intention) =>
        IntentionOptions.Write(intention).Select((option, index) => (
            string.Create(CultureInfo.InvariantCulture, $"{OptionPrefix}{index:000}"), $"{option.Name}={option.Value}"));

    /// <summary>Which unit of a scope a container is; null for somebody else's.</summary>
    public static UnitName? ReadUnit(IEnumerable<KeyValuePair<string, string>>? labels, EngineScope scope) =>
        scope.Owns(labels) && UnitName.TryParse(labels?.FirstOrDefault(label => label.Key == Unit).Value, out var unit) ? unit : null;

    /// <summary>The intention that a unit carries; null where there is none that can be read.</summary>
    public static Intention? ReadIntention(IEnumerable<KeyValuePair<string, string>>? labels) =>
        IntentionOptions.Read(
            from label in labels ?? []
            where label.Key.StartsWith(OptionPrefix, StringComparison.Ordinal)
            let option = label.Value.Split('=', 2)
            where option.Length == 2
            orderby label.Key.Length, label.Key
            select new UnitOption(IntentionOptions.Section, option[0], option[1]));
}
