using System.Text.RegularExpressions;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using FluentValidation;

namespace Deployster.Application.Deploys;

/// <summary>Holds a spec to its rules. Fields are named as the API names them.</summary>
internal sealed partial class SpecRequestValidator : AbstractValidator<SpecRequest>
{
    /// <summary>The most instances a deploy may have.</summary>
    public const int MaxInstances = DeploySpec.MaxInstanceCount;

    private const int MaxEntries = 500;

    public SpecRequestValidator()
    {
        RuleFor(spec => spec.InstanceCount.Value).Between(1, MaxInstances).OverridePropertyName("instance_count");
        RuleFor(spec => spec.Port.Value).Between(1, 65535).OverridePropertyName("port");
        RuleFor(spec => spec.Cpus.Value)
            .Between(0.01m, 1024m)
            .PrecisionScale(7, 3, true).WithMessage("must have at most 3 decimals, not {PropertyValue}.")
            .OverridePropertyName("cpus");
        RuleFor(spec => spec.MinHealthySeconds.Value).Between(0, 3600).OverridePropertyName("min_healthy_seconds");
        RuleFor(spec => spec.Deadline.Value).Between(1, (int)DeploySpec.MaxTime.TotalSeconds).OverridePropertyName("deadline");
        RuleFor(spec => spec.Memory.Value)
            .Must(text => text is null || MemorySize.TryParse(text, out _))
            .WithMessage($"must be {MemorySize.Rule}, not '{{PropertyValue}}'.")
            .OverridePropertyName("memory");
        RuleFor(spec => spec.Command.Value).Custom((command, context) =>
        {
            if (command?.FindError() is { } error)
            {
                context.AddFailure("command", $"cannot be taken: {error}.");
            }
        });
        RuleFor(spec => spec.Hosts.Value).Custom((hosts, context) => CheckHosts(hosts ?? [], context));
        RuleFor(spec => spec.Volumes.Value).Custom((volumes, context) => CheckVolumes(volumes ?? [], context));
        RuleFor(spec => spec.Env.Value).Custom((env, context) =>
        {
            foreach (var (field, error) in FindEnvErrors(env))
            {
                context.AddFailure(field, error);
            }
        });
        When(spec => spec.HealthCheck.Value is not null, () =>
        {
            RuleFor(spec => spec.HealthCheck.Value!.Path)
                .Must(path => path is not null && HealthCheck.IsPath(path))
                .WithMessage($"must be {HealthCheck.PathRule}, not '{{PropertyValue}}'.")
                .OverridePropertyName("health_check.path");
            RuleFor(spec => spec.HealthCheck.Value!.Interval).Between(1, 300).OverridePropertyName("health_check.interval");
            RuleFor(spec => spec.HealthCheck.Value!.Timeout).Between(1, 60).OverridePropertyName("health_check.timeout");
        });
    }

    /// <summary>What is wrong with environment variables, by field.</summary>
    public static IEnumerable<(string Field, string Error)> FindEnvErrors(IReadOnlyDictionary<string, string?>? env)
    {
        if (env?.Count > MaxEntries)
        {
            yield return ("env", $"must have at most {MaxEntries} entries, not {env.Count}.");
        }

        foreach (var (name, value) in env ?? new Dictionary<string, string?>())
        {
            if (!EnvName().IsMatch(name))
            {
                yield return ("env", $"has the name '{name}', which must be of letters, digits and '_', not beginning with a digit.");
            }
            else if (value is null || !PlainText.IsOneLine(value))
            {
                yield return ($"env.{name}", $"must be {PlainText.Rule}.");
            }
        }
    }

    private static void CheckHosts(IReadOnlyList<string?> hosts, ValidationContext<SpecRequest> context)
    {
        if (hosts.Count > MaxEntries)
        {
            context.AddFailure("hosts", $"must have at most {MaxEntries} entries, not {hosts.Count}.");
        }

        for (var i = 0; i < hosts.Count; i++)
        {
            if (!HostName.TryParse(hosts[i], out _))
            {
                context.AddFailure($"hosts[{i}]", $"must be {HostName.Rule}, not '{hosts[i]}'.");
            }
        }

        if (hosts.Distinct().Count() < hosts.Count)
        {
            context.AddFailure("hosts", "must name each host once.");
        }
    }

    private static void CheckVolumes(IReadOnlyList<string?> volumes, ValidationContext<SpecRequest> context)
    {
        if (volumes.Count > MaxEntries)
        {
            context.AddFailure("volumes", $"must have at most {MaxEntries} entries, not {volumes.Count}.");
        }

        for (var i = 0; i < volumes.Count; i++)
        {
            if (!Volume.TryParse(volumes[i], out _))
            {
                context.AddFailure($"volumes[{i}]", $"must be {Volume.Rule}, not '{volumes[i]}'.");
            }
        }

        if (volumes.Select(text => Volume.TryParse(text, out var volume) ? volume.Target : text).ToHashSet().Count < volumes.Count)
        {
            context.AddFailure("volumes", "must have a target of its own for each entry.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,255}\z")]
    private static partial Regex EnvName();
}
