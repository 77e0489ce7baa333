using System.Net;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Where a unit is reached.</summary>
/// <param name="Network">Its network.</param>
/// <param name="Address">Its address there, for its life.</param>
/// <param name="Published">Where its port is published; null where it is not.</param>
internal sealed record UnitPlace(string Network, IPAddress Address, IPEndPoint? Published);
