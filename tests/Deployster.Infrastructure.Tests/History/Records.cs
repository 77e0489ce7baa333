using System.Collections.Immutable;
using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>Deploys to remember.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static readonly ServiceName Service = ServiceName.Parse("railsapp");

    /// <summary>The deploy that was asked for <paramref name="number"/> minutes after noon, of version <c>v{number}</c>.</summary>
    public static DeployRecord Deploy(int number, string service = "railsapp", DeployStatus status = DeployStatus.Succeeded) => new()
    {
        DeployId = Id(number, service),
        Intention = new Intention
        {
            Image = $"mycompany/{service}:v{number}",
            RequestedAt = Noon.AddMinutes(number),
            Spec = DeploySpec.Default,
        },
        Status = status,
    };

    /// <summary>One in which everything is set.</summary>
    public static DeployRecord Full() => new()
    {
        DeployId = Id(1),
        Intention = new Intention
        {
            Image = "registry.example:5000/mycompany/railsapp:v1",
            RequestedAt = Noon.AddTicks(1234567),
            DestroyPrevious = true,
            Replaces = [new ReplacedDeploy(VersionTag.Parse("v0"), DeployTimestamp.At(Noon.AddDays(-1)), 2)],
            Spec = new DeploySpec
            {
                InstanceCount = 3,
                Env = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
                    .Add("DATABASE_URL", "postgres://u:geheim@db/x?a=b")
                    .Add("ODD", " \"quotes\" \\ = % 'ü' 漢 "),
                Port = 8080,
                Volumes = [new Volume("/srv/data", "/data", "ro"), new Volume("cache", "/cache")],
                Command = ["sh", "-c", "echo \"a b\" = c"],
                Memory = MemorySize.TryParse("512m", out var memory) ? memory : null,
                Cpus = 1.5m,
                HealthCheck = new HealthCheck("/health?x=1") { Interval = TimeSpan.FromSeconds(2), Timeout = TimeSpan.FromSeconds(3) },
                MinHealthy = TimeSpan.FromSeconds(5),
                Deadline = TimeSpan.FromSeconds(120),
            },
        },
        Status = DeployStatus.RolledBack,
        Message = "railsapp:v1 has exited with 1:\nline one\nline 'two'; DROP TABLE Deploys; --",
        EndedAt = Noon.AddMinutes(2).AddTicks(7),
        Requester = new Requester("alice", "2001:db8::1"),
    };

    public static DeployEvent Event(long id, RolloutEventKind kind = RolloutEventKind.UnitState, UnitName? unit = null) =>
        new(id, Noon.AddSeconds(id), new RolloutEvent(kind, $"event {id}", unit));

    private static DeployId Id(int number, string service = "railsapp") =>
        new(ServiceName.Parse(service), VersionTag.Parse($"v{number}"), DeployTimestamp.At(Noon.AddMinutes(number)));
}
