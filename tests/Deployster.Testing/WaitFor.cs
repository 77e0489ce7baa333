using System.Diagnostics;

namespace Deployster.Testing;

/// <summary>Waits for a condition with a limit, and says what it saw last where the limit passes.</summary>
public static class WaitFor
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Long enough for a machine that has much else to do.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, limit);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null) =>
        await ValueAsync(condition, met => met, what, limit);

    /// <summary>The first value that is <paramref name="wanted"/>.</summary>
    public static async Task<T> ValueAsync<T>(Func<Task<T>> read, Func<T, bool> wanted, string what, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var value = await read();
            if (wanted(value))
            {
                return value;
            }

            if (clock.Elapsed > (limit ?? Limit))
            {
                throw new TimeoutException($"{what}: not within {limit ?? Limit}; last seen: {value}");
            }

            await Task.Delay(s_pause);
        }
    }
}
