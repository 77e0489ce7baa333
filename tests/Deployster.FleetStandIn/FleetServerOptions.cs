namespace Deployster.FleetStandIn;

/// <summary>How a stand-in fleet is set up.</summary>
public sealed record FleetServerOptions
{
    /// <summary>Where it listens: <c>unix:///path</c> or <c>http://127.0.0.1:port</c> (0 for any port).</summary>
    public Uri Address { get; init; } =
        new($"unix://{Path.Combine(Path.GetTempPath(), $"fleet-{Guid.NewGuid():N}"[..18])}.sock");

    /// <summary>How a unit behaves once it is launched; by default its version's name tells.</summary>
    public Func<UnitFile, UnitBehavior> Behavior { get; init; } = unit => VersionBehaviors.Choose(unit, UnitBehavior.Healthy);

    /// <summary>The clock by which units live.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
