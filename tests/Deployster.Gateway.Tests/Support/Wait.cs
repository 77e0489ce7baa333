using System.Diagnostics;

namespace Deployster.Gateway.Tests.Support;

/// <summary>Waits for a condition, with a limit.</summary>
internal static class Wait
{
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(begin) > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException("What was waited for did not come.");
            }

            await Task.Delay(5);
        }
    }
}
