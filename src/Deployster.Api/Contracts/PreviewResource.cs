namespace Deployster.Api.Contracts;

/// <summary>What a deploy would do.</summary>
public sealed class PreviewResource
{
    /// <summary>The deploy as it would be at its beginning.</summary>
    public DeployResource Deploy { get; init; } = null!;

    /// <summary>The fields of the spec that are inherited from the running version.</summary>
    public IReadOnlyList<string> Inherited { get; init; } = [];

    /// <summary>The units that it would launch.</summary>
    public IReadOnlyList<LaunchResource> Launch { get; init; } = [];

    /// <summary>The names of the units that it would destroy once it is healthy.</summary>
    public IReadOnlyList<string> Destroy { get; init; } = [];
}

/// <summary>A unit that would be launched.</summary>
public sealed class LaunchResource
{
    /// <summary>Its name.</summary>
    public string Unit { get; init; } = "";

    /// <summary>What the fleet would be given: the options of a unit file, or the settings of a container.</summary>
    public IReadOnlyList<OptionResource> Options { get; init; } = [];
}

/// <summary>An option of a unit file, or a setting of a container.</summary>
public sealed class OptionResource
{
    /// <summary>Its section.</summary>
    public string Section { get; init; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its value.</summary>
    public string Value { get; init; } = "";
}
