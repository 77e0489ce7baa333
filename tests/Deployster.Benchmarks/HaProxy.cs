using System.Diagnostics;
using System.Net;
using Deployster.Testing;

namespace Deployster.Benchmarks;

/// <summary>HAProxy in front of some servers, as one would set it up for a service: it tells of the client and checks nothing.</summary>
internal sealed class HaProxy : IDisposable
{
    private readonly string _config = Path.GetTempFileName();

    private HaProxy(IReadOnlyList<string> servers)
    {
        File.WriteAllText(
            _config,
            $"""
            global
              nbthread {Environment.ProcessorCount}
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
              option forwardfor
            listen bench
              bind {Address}
              balance leastconn
              {string.Join("\n  ", servers.Select((server, index) => $"server unit{index} {server}"))}

            """);
        Process = Process.Start("haproxy", ["-db", "-f", _config]);
    }

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, FreePort.Find());

    public Process Process { get; }

    public static HaProxy Start(IReadOnlyList<string> servers) => new(servers);

    public void Dispose()
    {
        Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
        File.Delete(_config);
    }
}
