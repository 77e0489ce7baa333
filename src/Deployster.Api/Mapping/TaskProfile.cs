using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Application.Tasks;

namespace Deployster.Api.Mapping;

/// <summary>Maps tasks to the API's contracts.</summary>
internal sealed class TaskProfile : Profile
{
    public TaskProfile() =>
        CreateMap<TaskRecord, TaskResource>()
            .ForMember(to => to.Id, map => map.MapFrom(from => from.Id.Value))
            .ForMember(to => to.Service, map => map.MapFrom(from => from.Service.Value))
            .ForMember(to => to.Version, map => map.MapFrom(from => from.Version.Value))
            .ForMember(to => to.Purpose, map => map.MapFrom(from => from.ReleaseOf == null ? TaskPurpose.Command : TaskPurpose.Release))
            .ForMember(to => to.Command, map => map.MapFrom(from => from.Command.ToList()))
            .ForMember(to => to.Timeout, map => map.MapFrom(from => (int)from.Timeout.TotalSeconds))
            .ForMember(to => to.ExitCode, map => map.MapFrom(from => from.End == null ? null : (int?)from.End.ExitCode))
            .ForMember(to => to.Message, map => map.MapFrom(from => from.End == null ? null : from.End.Message))
            .ForMember(to => to.RequestedBy, map => map.MapFrom(from => from.Requester == null ? null : from.Requester.User))
            .ForMember(to => to.RequestedFrom, map => map.MapFrom(from => from.Requester == null ? null : from.Requester.Address));
}
