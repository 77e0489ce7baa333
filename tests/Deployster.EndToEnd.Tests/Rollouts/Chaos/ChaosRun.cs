using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>Goes through rounds of deploys and faults, and sees after each that all is as it may be.</summary>
internal sealed class ChaosRun(IChaosScene scene, ChaosOptions options)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ChaosPlanner _planner = new(options.Seed, scene);
    private readonly Dictionary<string, RunningSet> _running = [];

    private DeploysterClient Api => scene.Deployster.Api;

    public async Task RunAsync()
    {
        for (var left = options.Faults; left > 0;)
        {
            foreach (var service in scene.Services.Where(service => !_running.ContainsKey(service)))
            {
                await DeployInPeaceAsync(_planner.Good(service));
            }

            var round = _planner.Next(left);
            left -= round.Faults.Count;
            await GoThroughAsync(round);
        }

        await VerifyEndAsync();
    }

    private async Task DeployInPeaceAsync(ChaosDeploy deploy)
    {
        await scene.ProvideAsync(deploy);
        await Api.DeployAsync(deploy.Service, deploy.Body);
        await SettleAsync(deploy, new Answers(HttpStatusCode.OK, null));
    }

    private async Task GoThroughAsync(ChaosRound round)
    {
        Tell($"round {round.Number}: {string.Join("; ", round.Deploys)}{(round.TaskOf is null ? "" : $"; a task of {round.TaskOf}")}");
        foreach (var deploy in round.Deploys)
        {
            await scene.ProvideAsync(deploy);
        }

        // A Deployster that is started again has the wall clock alone to tell whether a task's time is up.
        TimeSpan? timeout = round.Faults.Any(fault => fault.Fault.EndsDeployster) ? TimeSpan.FromHours(3) : null;
        var task = round.TaskOf is { } service ? await ChaosTask.StartAsync(scene, service, _running[service].Version, timeout) : null;
        var answers = round.Deploys.Select(AskAsync).ToList();
        await Task.WhenAll(round.Faults.Select(fault => InjectAsync(fault.After, fault.Fault)));
        await Task.WhenAll(answers);
        await scene.Deployster.WaitUntilReadyAsync();

        await (task?.VerifyAsync() ?? Task.CompletedTask);
        foreach (var (deploy, answer) in round.Deploys.Zip(answers))
        {
            await SettleAsync(deploy, await answer);
        }

        (scene.Traffic?.Foreign).Should().BeNullOrEmpty();
    }

    private async Task InjectAsync(TimeSpan after, PlannedFault fault)
    {
        await Task.Delay(after);
        Tell($"  {fault.Text}");
        await fault.InjectAsync();
        Tell($"  over: {fault.Text}");
    }

    private async Task<Answers> AskAsync(ChaosDeploy deploy)
    {
        var cancel = deploy.CancelAfter is { } after ? CancelAsync(deploy, after) : null;
        await Task.Delay(deploy.After);
        var deployed = await StatusOfAsync(() => Api.DeployAsync(deploy.Service, deploy.Body));
        Tell($"  {deploy.Service}:{deploy.Version} was answered with {deployed}");
        return new Answers(deployed, cancel is null ? null : await cancel);
    }

    private async Task<HttpStatusCode> CancelAsync(ChaosDeploy deploy, TimeSpan after)
    {
        await Task.Delay(after);
        var status = await StatusOfAsync(() => Api.DeleteAsync($"/v1/services/{deploy.Service}/deploys/{deploy.Version}"));
        Tell($"  the cancel of {deploy.Service}:{deploy.Version} was answered with {status}");
        return status;
    }

    private static async Task<HttpStatusCode> StatusOfAsync(Func<Task<JsonElement>> send)
    {
        try
        {
            await send();
            return HttpStatusCode.OK;
        }
        catch (HttpRequestException e)
        {
            return e.StatusCode ?? Answers.CutOff;
        }
    }

    /// <summary>Waits until a deploy has ended, and its service's units are those that its end allows.</summary>
    private async Task SettleAsync(ChaosDeploy deploy, Answers answers)
    {
        var before = _running.GetValueOrDefault(deploy.Service, RunningSet.None);
        var rule = new OutcomeRule(deploy, answers, before);
        rule.VerifyAnswers();
        var seen = await WaitFor.ValueAsync(
            () => LookAsync(deploy),
            seen => seen is not null && rule.Verify(seen),
            $"{deploy} ends, and of {deploy.Service} runs what may ({before} ran before)",
            TimeSpan.FromMinutes(3));
        var after = rule.After(seen!);
        Tell($"  {deploy.Service}:{deploy.Version} is {seen!.Status ?? "unknown"}; now runs {after}");
        _running.Remove(deploy.Service);
        if (after.Units.Count > 0)
        {
            _running.Add(deploy.Service, after);
            await (scene.Traffic?.WaitForAsync(deploy.Service, after.Version) ?? Task.CompletedTask);
        }
    }

    private async Task<Outcome?> LookAsync(ChaosDeploy deploy)
    {
        try
        {
            var found = await FindAsync(deploy);
            var told = await Api.GetAsync($"/v1/services/{deploy.Service}/units");
            var units = (await scene.UnitsAsync()).Where(unit => unit.Service == deploy.Service).ToList();
            return new Outcome(found, [.. told.GetProperty("units").EnumerateArray()], units);
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }
    }

    private async Task<JsonElement?> FindAsync(ChaosDeploy deploy)
    {
        try
        {
            return await Api.GetAsync($"/v1/services/{deploy.Service}/deploys/{deploy.Version}");
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task VerifyEndAsync()
    {
        var services = (await Api.GetAsync("/v1/services")).GetProperty("services").EnumerateArray();
        services.Where(service => service.GetProperty("rollout").ValueKind != JsonValueKind.Null).Should().BeEmpty("no rollout is under way");
        (await scene.UnitsAsync()).Select(unit => unit.Name).Should().BeEquivalentTo(_running.Values.SelectMany(set => set.Units));
        if (scene.Traffic is { } traffic)
        {
            traffic.Answers.Should().BePositive();
            Tell($"{traffic.Answers} answers through the gateway, none of another service");
        }
    }

    // Kept with the test's result, and shown while it runs.
    private void Tell(string text)
    {
        var line = $"{_clock.Elapsed.TotalSeconds,6:F1} s {text}";
        TestContext.Out.WriteLine(line);
        TestContext.Progress.WriteLine(line);
    }
}
