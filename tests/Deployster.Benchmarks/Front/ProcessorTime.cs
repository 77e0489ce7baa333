using System.Diagnostics;
using System.Globalization;

namespace Deployster.Benchmarks.Front;

/// <summary>The processor time that a process and its children have used so far.</summary>
/// <param name="User">Its own.</param>
/// <param name="Kernel">The kernel's for it.</param>
internal readonly record struct ProcessorTime(TimeSpan User, TimeSpan Kernel)
{
    /// <summary>Reads it from the kernel.</summary>
    public static ProcessorTime Of(int processId)
    {
        var own = Process.GetProcesses()
            .Where(process => process.Id == processId || ParentOf(process.Id) == processId)
            .Select(process => (User: process.UserProcessorTime, Kernel: process.PrivilegedProcessorTime))
            .ToList();
        return new ProcessorTime(
            TimeSpan.FromTicks(own.Sum(time => time.User.Ticks)), TimeSpan.FromTicks(own.Sum(time => time.Kernel.Ticks)));
    }

    public static ProcessorTime operator -(ProcessorTime one, ProcessorTime other) => new(one.User - other.User, one.Kernel - other.Kernel);

    private static int ParentOf(int processId)
    {
        try
        {
            // What stands before the last bracket is the name, which may be anything.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
