using AutoMapper;

namespace Deployster.Api.Mapping;

/// <summary>All maps of the API.</summary>
internal static class ContractMaps
{
    /// <summary>Makes the configuration that holds them.</summary>
    public static MapperConfiguration Create() => new(maps =>
    {
        maps.AddProfile<ContractProfile>();
        maps.AddProfile<TaskProfile>();
    });
}
