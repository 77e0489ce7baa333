using System.Reflection;
using AutoMapper;
using AutoMapper.Configuration;

namespace Deployster.Api.Mapping;

/// <summary>
/// A profile that takes values from properties alone. AutoMapper would also try the extension methods of lists, and this
/// version fails at one that is younger than itself.
/// </summary>
internal abstract class FlatProfile : Profile, IProfileConfiguration
{
    IEnumerable<MethodInfo> IProfileConfiguration.SourceExtensionMethods => [];
}
