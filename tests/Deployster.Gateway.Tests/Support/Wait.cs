using System.Diagnostics;

namespace Deployster.Gateway.Tests.Support;

/// <summary>Waits for a condition, with a limit.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<bool> condition)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begin) > TimeSpan.FromSeconds(20))
            {
                throw new TimeoutException("What was waited for did not come.");
            }

            await Task.Delay(5);
        }
    }
}
