using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Specs.Fields;

namespace Deployster.Domain.Specs;

/// <summary>The fields of a health check.</summary>
internal static class HealthCheckFields
{
    private static readonly HealthCheck s_defaults = new("/");

    private static readonly ImmutableArray<Field<HealthCheck>> s_all =
    [
        new Field<HealthCheck, string>
        {
            Name = "path",
            Option = "HealthPath",
            Type = new Text<string>(HealthCheck.ReadPath, HealthCheck.PathRule) { Pattern = HealthCheck.PathPattern, IsQuoted = true },
            Get = check => check.Path,
            Set = (check, path) => check with { Path = path },
            InRequest = "Where to.",
            InAnswer = "Where to.",
            Example = "/health",
            IsRequired = true,
        },
        new Field<HealthCheck, HostName?>
        {
            Name = "host",
            Option = "HealthHost",
            Type = new Text<HostName?>(text => HostName.TryParse(text, out var host) ? host : null, HostName.Rule),
            Get = check => check.Host,
            Set = (check, host) => check with { Host = host },
            InRequest = "The host name that is asked for, where the service answers no other; by default localhost.",
            InAnswer = "The host name that is asked for; null for localhost.",
            IsNullable = true,
        },
        new Field<HealthCheck, int?>
        {
            Name = "port",
            Option = "HealthPort",
            Type = new OptionalNumber(1, ushort.MaxValue),
            Get = check => check.Port,
            Set = (check, port) => check with { Port = port },
            InRequest = "The port in the container that is asked; by default that of the service.",
            InAnswer = "The port in the container that is asked; null for that of the service.",
            IsNullable = true,
        },
        new Field<HealthCheck, TimeSpan>
        {
            Name = "interval",
            Option = "HealthInterval",
            Type = new Seconds(1, 300),
            Get = check => check.Interval,
            Set = (check, interval) => check with { Interval = interval },
            InRequest = $"Seconds between two requests, {{limits}}; by default {s_defaults.Interval.TotalSeconds}.",
            InAnswer = "Seconds between two requests.",
        },
        new Field<HealthCheck, TimeSpan>
        {
            Name = "timeout",
            Option = "HealthTimeout",
            Type = new Seconds(1, 60),
            Get = check => check.Timeout,
            Set = (check, timeout) => check with { Timeout = timeout },
            InRequest = $"Seconds that an answer may take, {{limits}}; by default {s_defaults.Timeout.TotalSeconds}.",
            InAnswer = "Seconds that an answer may take.",
        },
    ];

    public static Group<HealthCheck> Group { get; } =
        new("HealthCheck", "A GET request that a healthy unit answers with a 2xx status.", s_defaults, s_all);
}
