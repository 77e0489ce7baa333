using System.Text.Json.Nodes;
using AutoMapper;
using Deployster.Api.Contracts;
using Deployster.Application.Deploys;
using Deployster.Application.History;
using Deployster.Application.Services;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Api.Mapping;

/// <summary>Maps the application's results to the API's contracts.</summary>
internal sealed class ContractProfile : Profile
{
    /// <summary>The item of a map by which the values of environment variables are shown.</summary>
    public const string ShowsValues = "shows-values";

    public ContractProfile()
    {
        CreateMap<Unit, UnitResource>()
            .ForMember(to => to.Name, map => map.MapFrom(from => from.Name.ToString()))
            .ForMember(to => to.Service, map => map.MapFrom(from => from.Name.DeployId.Service.Value))
            .ForMember(to => to.Instance, map => map.MapFrom(from => from.Name.Instance.ToString()))
            .ForMember(to => to.Version, map => map.MapFrom(from => from.Name.DeployId.Version.Value))
            .ForMember(to => to.CurrentState, map => map.MapFrom(from => from.Words.Current))
            .ForMember(to => to.DesiredState, map => map.MapFrom(from => from.Words.Desired))
            .ForMember(to => to.DeployTimestamp, map => map.MapFrom(from => from.Name.DeployId.Timestamp.ToString()))
            .ForMember(to => to.ActiveState, map => map.MapFrom(from => from.Words.Active))
            .ForMember(to => to.SubState, map => map.MapFrom(from => from.Words.Sub));

        CreateMap<DeployRecord, DeployResource>()
            .ForMember(to => to.Service, map => map.MapFrom(from => from.DeployId.Service.Value))
            .ForMember(to => to.Version, map => map.MapFrom(from => from.DeployId.Version.Value))
            .ForMember(to => to.Timestamp, map => map.MapFrom(from => from.DeployId.Timestamp.ToString()))
            .ForMember(to => to.Image, map => map.MapFrom(from => from.Intention.Image == "" ? null : from.Intention.Image))
            .ForMember(to => to.ImageId, map => map.MapFrom(from => from.Intention.ImageId))
            .ForMember(to => to.DestroyPrevious, map => map.MapFrom(from => from.Intention.DestroyPrevious))
            .ForMember(to => to.Spec, map => map.MapFrom(from => from.Intention.Spec))
            .ForMember(to => to.Instances, map => map.Ignore())
            .ForMember(to => to.Previous, map => map.MapFrom(from => from.Intention.Replaces.AsEnumerable()))
            .ForMember(to => to.RequestedAt, map => map.MapFrom(from => from.Intention.RequestedAt))
            .ForMember(to => to.RequestedBy, map => map.MapFrom(from => from.Requester == null ? null : from.Requester.User))
            .ForMember(to => to.RequestedFrom, map => map.MapFrom(from => from.Requester == null ? null : from.Requester.Address));
        CreateMap<DeployDetails, DeployResource>()
            .ConvertUsing((from, _, context) => WithInstances(from, context));
        CreateMap<CanaryState, CanaryResource>().ForMember(to => to.Waiting, map => map.MapFrom(from => from.IsWaiting));
        CreateMap<ReplacedDeploy, PreviousResource>()
            .ForMember(to => to.Version, map => map.MapFrom(from => from.Version.Value))
            .ForMember(to => to.Timestamp, map => map.MapFrom(from => from.Timestamp.ToString()));
        CreateMap<DeploySpec, SpecResource>()
            .ConvertUsing((from, _, context) => new SpecResource { Fields = Tell(from, context).ToDictionary(field => field.Key, object? (field) => field.Value) });
        CreateMap<DeployEvent, EventResource>()
            .ForMember(to => to.Kind, map => map.MapFrom(from => from.Happened.Kind))
            .ForMember(to => to.Message, map => map.MapFrom(from => from.Happened.Message))
            .ForMember(to => to.Unit, map => map.MapFrom(from => from.Happened.Unit == null ? null : from.Happened.Unit.ToString()));

        CreateMap<ServiceSummary, ServiceResource>()
            .ForMember(to => to.Name, map => map.MapFrom(from => from.Name.Value))
            .ForMember(to => to.Versions, map => map.MapFrom(from => from.Deploys))
            .ForMember(to => to.Rollout, map => map.MapFrom(from => from.UnderWayId));
        CreateMap<DeploySummary, ServiceVersionResource>()
            .ForMember(to => to.Version, map => map.MapFrom(from => from.DeployId.Version.Value))
            .ForMember(to => to.Timestamp, map => map.MapFrom(from => from.DeployId.Timestamp.ToString()));
        CreateMap<DeployId, RolloutResource>()
            .ForMember(to => to.Version, map => map.MapFrom(from => from.Version.Value))
            .ForMember(to => to.Timestamp, map => map.MapFrom(from => from.Timestamp.ToString()));

        CreateMap<DeployPreview, PreviewResource>()
            .ForMember(to => to.Deploy, map => map.MapFrom(from => from.Record))
            .ForMember(to => to.Launch, map => map.MapFrom(from => from.Launch))
            .ForMember(to => to.Destroy, map => map.MapFrom(from => from.Destroy.Select(unit => unit.ToString()).ToList()));
        CreateMap<(UnitName Unit, IReadOnlyList<UnitOption> Options), LaunchResource>()
            .ForMember(to => to.Unit, map => map.MapFrom(from => from.Item1.ToString()))
            .ForMember(to => to.Options, map => map.MapFrom(from => from.Item2));
        CreateMap<UnitOption, OptionResource>();
    }

    // Values are shown where somebody has said so, and nowhere by mistake.
    private static JsonObject Tell(DeploySpec spec, ResolutionContext context) =>
        context.TryGetItems(out var items) && items.ContainsKey(ShowsValues) ? SpecFields.Tell(spec) : SpecFields.TellNames(spec);

    private static DeployResource WithInstances(DeployDetails from, ResolutionContext context) =>
        context.Mapper.Map(from.Record, new DeployResource { Instances = context.Mapper.Map<List<UnitResource>>(from.Units) });
}
