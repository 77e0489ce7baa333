using Deployster.Domain.Names;
using FluentValidation;

namespace Deployster.Application.Deploys;

/// <summary>A request that names a deploy.</summary>
internal interface INamesDeploy
{
    string Service { get; }

    string Version { get; }

    string? Timestamp { get; }
}

internal sealed class NamesDeployValidator : AbstractValidator<INamesDeploy>
{
    public NamesDeployValidator()
    {
        RuleFor(request => request.Service).ServiceName().OverridePropertyName("service");
        RuleFor(request => request.Version).Version().OverridePropertyName("version");
        RuleFor(request => request.Timestamp).Timestamp().OverridePropertyName("timestamp");
    }
}

internal static class NamedDeploy
{
    /// <summary>The names. The request must have been found valid.</summary>
    public static (ServiceName Service, VersionTag Version, DeployTimestamp? Timestamp) Read(this INamesDeploy request) => (
        ServiceName.Parse(request.Service),
        VersionTag.Parse(request.Version),
        request.Timestamp is null ? null : DeployTimestamp.Parse(request.Timestamp));
}
