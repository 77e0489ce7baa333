using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>A Deployster and its fleet, and what can go wrong there.</summary>
internal interface IChaosScene : IAsyncDisposable
{
    /// <summary>The Deployster.</summary>
    DeploysterProcess Deployster { get; }

    /// <summary>The services that are deployed.</summary>
    IReadOnlyList<string> Services { get; }

    /// <summary>What goes wrong; what stands there twice goes wrong twice as often.</summary>
    IReadOnlyList<IFault> Faults { get; }

    /// <summary>Whether tasks run there.</summary>
    bool RunsTasks { get; }

    /// <summary>How often what runs the units and tasks has been restarted.</summary>
    int RestartCount { get; }

    /// <summary>Requests to the services through the gateway; null where there is no gateway.</summary>
    GatewayTraffic? Traffic { get; }

    /// <summary>Makes a version that can be deployed.</summary>
    Task ProvideAsync(ChaosDeploy deploy);

    /// <summary>Whatever the fleet itself has, of every service.</summary>
    Task<IReadOnlyList<FleetUnit>> UnitsAsync();
}

/// <summary>A unit as the fleet itself tells of it, or the container of a task.</summary>
/// <param name="Service">Its service.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Runs">Whether it runs.</param>
internal sealed record FleetUnit(string Service, string Name, bool Runs)
{
    public override string ToString() => $"{Name}{(Runs ? "" : " (does not run)")}";
}
