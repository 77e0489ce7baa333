using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>
/// The engine is stopped, or loses its power, and is started again. It is not killed alone: one of which that happens in the
/// middle of a start loses track of a process, and gives its address to another container as well.
/// </summary>
internal sealed class EngineRestartFault(PrivateEngine engine) : IFault, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private int _count;

    /// <summary>How often the engine has been restarted.</summary>
    public int Count => _count;

    public PlannedFault Plan(Random random)
    {
        var (isCrash, down) = (random.Next(2) == 0, TimeSpan.FromMilliseconds(random.Next(1000)));
        return new PlannedFault($"{(isCrash ? "crash" : "stop")} of the engine for {down.TotalSeconds:F1} s", async () =>
        {
            await _turn.WaitAsync();
            try
            {
                Interlocked.Increment(ref _count);
                await (isCrash ? engine.CutPowerAsync() : engine.StopAsync());
                await Task.Delay(down);
                await engine.StartAgainAsync();
            }
            finally
            {
                _turn.Release();
            }
        });
    }

    public void Dispose() => _turn.Dispose();
}
