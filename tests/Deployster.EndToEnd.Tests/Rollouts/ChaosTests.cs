using Deployster.EndToEnd.Tests.Rollouts.Chaos;
using Deployster.Testing;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Rollouts;

/// <summary>
/// All that may go wrong goes wrong at random moments of good and bad deploys: each good one succeeds, each bad one is given
/// up with the old set as it was, no task is lost, and no request is answered by another service.
/// <see cref="ChaosOptions"/> tells how to have more of it.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class ChaosTests
{
    [Test]
    public async Task Deploys_WhenAllGoesWrongOnAnEngine_EndAsTheirVersionsDeserve() => await RunAsync(await EngineScene.StartAsync());

    [Test]
    public async Task Deploys_WhenAllGoesWrongOnFleet_EndAsTheirVersionsDeserve() => await RunAsync(await FleetScene.StartAsync());

    private static async Task RunAsync(IChaosScene scene)
    {
        var options = ChaosOptions.Read();
        await TestContext.Out.WriteLineAsync($"{options.Faults} faults; to have the same again: DEPLOYSTER_CHAOS_SEED={options.Seed}");
        await using (scene)
        {
            try
            {
                await new ChaosRun(scene, options).RunAsync();
            }
            catch (Exception e)
            {
                var log = Path.Combine(ProjectFolder.Root, "artifacts", $"{TestContext.CurrentContext.Test.MethodName}-{options.Seed}.log");
                Directory.CreateDirectory(Path.GetDirectoryName(log)!);
                await File.WriteAllTextAsync(log, scene.Deployster.Log);
                TestContext.AddTestAttachment(log, "what Deployster wrote");
                await TestContext.Out.WriteLineAsync($"{e.Message}\nWhat Deployster wrote: {log}");
                throw;
            }
        }
    }
}
