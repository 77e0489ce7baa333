using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>The engine is stopped or killed, and started again.</summary>
internal sealed class EngineRestartFault(PrivateEngine engine) : IFault, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private int _count;

    /// <summary>How often the engine has been restarted.</summary>
    public int Count => _count;

    public PlannedFault Plan(Random random)
    {
        var (isKill, down) = (random.Next(2) == 0, TimeSpan.FromMilliseconds(random.Next(1000)));
        return new PlannedFault($"{(isKill ? "kill" : "stop")} of the engine for {down.TotalSeconds:F1} s", async () =>
        {
            await _turn.WaitAsync();
            try
            {
                Interlocked.Increment(ref _count);
                await (isKill ? engine.KillAsync() : engine.StopAsync());
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
