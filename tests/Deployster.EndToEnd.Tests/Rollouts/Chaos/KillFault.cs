using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>Deployster is killed and started again, now and then with a history that is locked when it starts.</summary>
internal sealed class KillFault(DeploysterProcess deployster, HistoryLockFault historyLock) : IFault, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public PlannedFault Plan(Random random)
    {
        var down = TimeSpan.FromMilliseconds(random.Next(1000));
        var text = $"kill of Deployster for {down.TotalSeconds:F1} s";
        var planned = random.Next(3) == 0
            ? new PlannedFault($"{text}; at its start the history is locked", KillAndLockAsync)
            : new PlannedFault(text, () => KillAsync(() => Task.Delay(down)));
        return planned with { EndsDeployster = true };

        async Task KillAndLockAsync()
        {
            var unlocked = Task.CompletedTask;
            await KillAsync(async () =>
            {
                var hasLock = new TaskCompletionSource();
                unlocked = historyLock.HoldAsync(down + TimeSpan.FromSeconds(1.5), hasLock.SetResult);
                await Task.WhenAny(hasLock.Task, unlocked);
                await Task.Delay(down);
            });
            await unlocked;
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task KillAsync(Func<Task> meanwhile)
    {
        await _turn.WaitAsync();
        try
        {
            if (deployster.HasEnded)
            {
                throw new InvalidOperationException("Deployster has ended by itself.");
            }

            await deployster.KillAsync();
            await meanwhile();

            // Another kill may come before it is ready.
            await deployster.StartAgainAsync(readyPath: null);
        }
        finally
        {
            _turn.Release();
        }
    }
}
