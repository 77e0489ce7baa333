using Deployster.Benchmarks;
using Deployster.Benchmarks.Front;

// Each benchmark measures both sides of its ratio in one run, since machines differ and are shared.
return args switch
{
    ["deploy"] => await DeployBenchmark.RunAsync(),
    ["gateway"] => await FrontBenchmark.RunAsync(),
    ["first-answer"] => await FirstAnswerBenchmark.RunAsync(),
    ["units"] => await UnitsBenchmark.RunAsync(),
    ["engine-units"] => await EngineUnitsBenchmark.RunAsync(),
    ["start"] => await StartBenchmark.RunAsync(),
    ["connections"] => await ConnectionsBenchmark.RunAsync(),
    ["memory"] => await MemoryBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Deployster.Benchmarks -- deploy|gateway|connections|first-answer|units|engine-units|start|memory");
    return 2;
}
