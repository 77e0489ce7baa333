using System.Globalization;

namespace Deployster.Testing;

/// <summary>How much memory a process has resident.</summary>
public static class ResidentMemory
{
    /// <summary>Of a process that runs, in bytes.</summary>
    public static long Of(int process) =>
        1024 * long.Parse(
            File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
}
