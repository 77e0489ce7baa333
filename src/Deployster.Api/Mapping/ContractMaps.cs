using System.Reflection;
using AutoMapper.Configuration;

namespace Deployster.Api.Mapping;

/// <summary>All maps of the API.</summary>
internal sealed class ContractMaps : MapperConfigurationExpression, IProfileConfiguration
{
    public ContractMaps()
    {
        AddProfile<ContractProfile>();
        AddProfile<TaskProfile>();
    }

    IEnumerable<MethodInfo> IProfileConfiguration.SourceExtensionMethods => [];
}
