using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>The machine's Docker Engine as a fleet of one. A unit is a container.</summary>
internal sealed class DockerFleet(
    DockerEngine engine,
    UnitReader reader,
    UnitJobs jobs,
    UnitMaker maker,
    UnitRemover remover,
    UnitEvents events,
    UnitLogs logs,
    DockerOptions options) : IFleetClient
{
    private const int Parallelism = 32;

    private string? _machine;

    public FleetTraits Traits { get; } = new("docker")
    {
        KeepsLogs = true,
        TellsEndpoints = true,
        TellsChanges = true,
        RunsTasks = true,
        Restarts = true,
    };

    public async Task<IReadOnlyList<Unit>> ReadAsync(CancellationToken cancellationToken)
    {
        var machine = await GetMachineAsync(cancellationToken);

        // Read the jobs first: a unit leaves them only after the engine knows of it.
        var working = jobs.Snapshot();
        return Join(working, await reader.ReadAsync(cancellationToken), machine);
    }

    public async Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken) =>
        [new Machine(await GetMachineAsync(cancellationToken), null)];

    public async Task ApplyAsync(DeployTarget target, CancellationToken cancellationToken)
    {
        var working = jobs.Snapshot()
            .Where(job => job.Key.DeployId == target.DeployId).ToDictionary(job => job.Key, job => job.Value);
        var made = (await reader.ReadAsync(target.DeployId.Service, cancellationToken))
            .Where(facts => facts.Name.DeployId == target.DeployId).ToDictionary(facts => facts.Name);
        var marked = target.Seen.Where(unit => unit.IsGone).ToDictionary(unit => unit.Name);
        var now = Join(working, [.. made.Values], "").Where(unit => !marked.ContainsKey(unit.Name));
        var steps = UnitSteps.To(target with { Seen = [.. now, .. marked.Values] });
        foreach (var definition in steps.Make)
        {
            jobs.Start(definition.Name, definition.Intention, stop => maker.MakeAsync(definition, Wanted.Running, stop));
        }

        foreach (var definition in steps.MakeStopped)
        {
            jobs.Make(definition.Name, definition.Intention, stop => maker.MakeAsync(definition, Wanted.Stopped, stop));
        }

        foreach (var unit in steps.Stop)
        {
            jobs.Stop(unit, IntentionOf(unit), stop => maker.StopAsync(unit, stop));
        }

        foreach (var unit in steps.Start.Except(steps.Stop))
        {
            Start(unit, made.GetValueOrDefault(unit), IntentionOf(unit));
        }

        Intention? IntentionOf(UnitName unit) =>
            working.GetValueOrDefault(unit)?.Intention ?? made.GetValueOrDefault(unit)?.Intention ?? target.Intention;
    }

    public Task MarkGoneAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(units, Side(cancellationToken), async (unit, token) =>
        {
            await jobs.ForgetAsync(unit);
            await remover.MarkAsync(unit, token);
        });

    public Task StopAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        ForEachAsync(units, remover.StopAsync, cancellationToken);

    public Task DestroyAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        ForEachAsync(units, remover.RemoveAsync, cancellationToken);

    public async Task<IOutputReader> OpenLogAsync(UnitName unit, int? tail, bool follow, CancellationToken cancellationToken)
    {
        var found = await reader.FindAsync(unit, cancellationToken);
        return found.Count > 0
            ? await logs.OpenAsync(found[0], tail, follow, cancellationToken)
            : throw new NotFoundException($"{unit} has no container, and so has written nothing.");
    }

    public IAsyncEnumerable<UnitName> WatchAsync(CancellationToken cancellationToken) => events.WatchAsync(cancellationToken);

    public IReadOnlyList<UnitOption> Preview(UnitDefinition definition) =>
        UnitSettings.Describe(definition, options);

    private static async Task ForEachAsync(
        IReadOnlyCollection<UnitName> units, Func<UnitName, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(Parallelism);
        await Task.WhenAll(units.Select(async unit =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                await work(unit, cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }));
    }

    private static ParallelOptions Side(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };

    private void Start(UnitName unit, UnitFacts? facts, Intention? intention)
    {
        if (facts is { IsFresh: false })
        {
            jobs.Start(unit, intention, stop => maker.StartAsync(unit, facts.Id, stop));
        }
        else if (intention is not null)
        {
            jobs.Start(unit, intention, stop => maker.MakeAsync(new UnitDefinition(unit, intention), Wanted.Running, stop));
        }
    }

    private List<Unit> Join(IReadOnlyDictionary<UnitName, UnitJob> working, IReadOnlyList<UnitFacts> made, string machine)
    {
        var units = made.ToDictionary(facts => facts.Name, facts => Of(facts, working.GetValueOrDefault(facts.Name), machine));
        foreach (var job in working.Values.Where(job => !units.ContainsKey(job.Name)))
        {
            units.Add(job.Name, UnitPhases.Of(job, null, machine));
        }

        return [.. units.Values];
    }

    private Unit Of(UnitFacts facts, UnitJob? job, string machine) =>
        job is not null ? UnitPhases.Of(job, facts, machine)
        : UnitPhases.Of(facts, machine) is var unit && facts is { IsMarked: true, IsStarted: true } && remover.IsRemoving(facts.Name)
            ? unit with { Phase = Phase.Stopping }
        : UnitPhases.Of(facts, machine);

    private async Task<string> GetMachineAsync(CancellationToken cancellationToken) =>
        _machine ??= (await engine.AskAsync((client, token) => client.System.GetSystemInfoAsync(token), cancellationToken)).Name ?? "docker";
}
