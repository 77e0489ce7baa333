using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Networks;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Finds places for units: an address in their network, and a port of the machine where one is asked for or needed.</summary>
internal sealed class UnitPlaces(UnitNetwork network, UnitAddresses addresses, UnitPorts ports, DockerOptions options)
{
    /// <summary>A place that nobody has, to be given back by <see cref="Release"/> when a container has it, or none is to.</summary>
    /// <exception cref="UnitTroubleException">There is none.</exception>
    public async Task<UnitPlace> TakeAsync(CancellationToken cancellationToken)
    {
        var found = await FindNetworkAsync(cancellationToken);
        var address = await addresses.TakeAsync(found, cancellationToken);
        try
        {
            var published = options.Publish is null && found.IsReachable ? null : await ports.TakeAsync(cancellationToken);
            return new UnitPlace(found.Name, address, published);
        }
        catch
        {
            addresses.Release(address);
            throw;
        }
    }

    /// <summary>Gives a place back: from now on the engine's containers tell who has it.</summary>
    public void Release(UnitPlace place)
    {
        addresses.Release(place.Address);
        if (place.Published is { } published)
        {
            ports.Release(published);
        }
    }

    private async Task<NetworkPlace> FindNetworkAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await network.GetAsync(cancellationToken);
        }
        catch (UnitNetworkException e)
        {
            throw new UnitTroubleException(e.Message, mayPass: true);
        }
    }
}
