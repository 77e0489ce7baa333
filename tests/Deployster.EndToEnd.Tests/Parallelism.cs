using NUnit.Framework;

// Each test has a Deployster of its own, in a scope of its own on the engine, and waits for the most part. Those that measure,
// or that need a certain name on the engine, go on alone.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]
