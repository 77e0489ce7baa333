namespace Deployster.Application.Fleet;

/// <summary>The fleet, or the engine, does not answer.</summary>
/// <param name="address">Where it was looked for: <c>unix:///var/run/fleet.sock</c>.</param>
/// <param name="cause">What the operating system, or the fleet, said.</param>
/// <param name="inner">The exception that told.</param>
public sealed class FleetUnavailableException(string address, string cause, Exception? inner = null)
    : Exception($"{address} does not answer: {cause}", inner)
{
    /// <summary>Where the fleet was looked for.</summary>
    public string Address { get; } = address;
}
