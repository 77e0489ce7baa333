using System.Net;

namespace Deployster.Infrastructure.Docker.Networks;

/// <summary>The network of the units, as it is at this engine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Subnet">The addresses of what is in it.</param>
/// <param name="Gateway">The engine's own address in it.</param>
/// <param name="Range">What the engine gives to containers that ask for no address of their own; null where that is any.</param>
/// <param name="IsReachable">Whether this process reaches what is in it.</param>
internal sealed record NetworkPlace(string Name, IPNetwork Subnet, IPAddress Gateway, IPNetwork? Range, bool IsReachable);
