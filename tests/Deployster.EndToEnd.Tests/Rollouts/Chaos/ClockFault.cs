using System.Globalization;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>The wall clock, as Deployster sees it, steps an hour forwards or backwards; monotonic time goes on.</summary>
internal sealed class ClockFault : IFault, IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private int _hours;

    public ClockFault() => Write(0);

    /// <summary>What Deployster must be started with. It takes Debian's package <c>faketime</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library(),
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",

        // Else waits on a condition, which .NET has by monotonic time, end at once.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
        ["NO_FAKE_STAT"] = "1",
    };

    public PlannedFault Plan(Random random)
    {
        // Never more than an hour off.
        _hours = _hours == 0 ? (random.Next(2) * 2) - 1 : 0;
        var hours = _hours;
        return new PlannedFault($"step of the clock to {hours:+0;-0;0} h", () =>
        {
            Write(hours);
            return Task.CompletedTask;
        });
    }

    public void Dispose()
    {
        File.Delete(_file);

        // The library leaves these behind where its process was killed.
        foreach (var leftover in Directory.EnumerateFiles("/dev/shm", "*faketime_*").Where(file => !Path.Exists($"/proc/{file.Split('_')[^1]}")))
        {
            File.Delete(leftover);
        }
    }

    private static string Library() =>
        Directory.EnumerateDirectories("/usr/lib").Append("/usr/lib")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("Clock steps need libfaketime: apt-get install faketime");

    private void Write(int hours)
    {
        // In one step: it is read at every look at the clock.
        var next = $"{_file}.next";
        File.WriteAllText(next, (hours * 3600).ToString("+0;-0;+0", CultureInfo.InvariantCulture));
        File.Move(next, _file, overwrite: true);
    }
}
