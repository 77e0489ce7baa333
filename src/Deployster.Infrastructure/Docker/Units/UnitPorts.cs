using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Deployster.Application.Fleet;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// Gives each unit a port of the machine for its life: in turn, so that one that is given up comes to somebody else as late
/// as can be.
/// </summary>
internal sealed class UnitPorts(DockerEngine engine, DockerOptions options, TimeProvider time) : IDisposable
{
    private const int Parallelism = 8;

    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<string, int[]> _claims = new();
    private readonly Dictionary<int, long> _given = [];
    private HashSet<int> _taken = [];
    private long? _readAt;
    private int? _last;

    /// <summary>A port that nobody has, to be given back by <see cref="Release"/> when a container has it, or none is to.</summary>
    public async Task<IPEndPoint> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_readAt is not { } read || time.GetElapsedTime(read) > s_age)
            {
                await ReadAsync(cancellationToken);
            }

            var range = options.PublishPorts;
            var port = Enumerable.Range(1, range.Count)
                .Select(step => range.First + ((_last!.Value - range.First + step) % range.Count))
                .FirstOrDefault(IsFree);
            if (port == 0)
            {
                throw new UnitTroubleException($"none of the ports {range} is free", mayPass: true);
            }

            _last = port;
            lock (_given)
            {
                _given[port] = long.MaxValue;
            }

            return new IPEndPoint(options.PublishAddress, port);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives a port back: from now on the engine's containers tell who has it.</summary>
    public void Release(IPEndPoint endpoint)
    {
        lock (_given)
        {
            _given[endpoint.Port] = time.GetTimestamp();
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool IsFree(int port)
    {
        lock (_given)
        {
            if (_taken.Contains(port) || _given.ContainsKey(port))
            {
                return false;
            }
        }

        using var socket = new Socket(options.PublishAddress.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(options.PublishAddress, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException e)
        {
            // An engine on another machine has addresses that this one does not have: there it is tried out.
            return e.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var parameters = new ContainersListParameters { All = true };
        var containers = await engine.AskAsync(
            (client, token) => client.Containers.ListContainersAsync(parameters, token), cancellationToken);
        foreach (var id in _claims.Keys.Except(containers.Select(container => container.ID)).ToList())
        {
            _claims.TryRemove(id, out _);
        }

        await Parallel.ForEachAsync(
            containers.Select(container => container.ID).Where(id => !_claims.ContainsKey(id)),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (id, token) => await InspectAsync(id, token));
        _taken =
        [
            .. containers.SelectMany(container => container.Ports ?? []).Select(port => (int)(port.PublicPort ?? 0)),
            .. _claims.Values.SelectMany(claim => claim),
        ];
        _last ??= FindLast(containers);
        _readAt = now;
        lock (_given)
        {
            foreach (var port in _given.Where(given => given.Value < now).Select(given => given.Key).ToList())
            {
                _given.Remove(port);
            }
        }
    }

    // Another Deployster before this one has given it.
    private int FindLast(IEnumerable<ContainerListResponse> containers) => (
        from container in containers
        where container.Labels?.ContainsKey(ContainerLabels.Unit) == true
        from port in _claims.GetValueOrDefault(container.ID) ?? []
        where options.PublishPorts.Contains(port)
        orderby container.Created descending
        select (int?)port).FirstOrDefault() ?? options.PublishPorts.Last;

    private async Task InspectAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var container = await engine.CallAsync(
                (client, token) => client.Containers.InspectContainerAsync(id, token), options.InspectLimit, cancellationToken);
            _claims[id] = [.. PublishedPorts.Claimed(container.HostConfig)];
        }
        catch (Exception e) when (e is DockerApiException or FleetUnavailableException)
        {
            // It is asked again the next time. Until then the engine itself sees to it that nobody gets its port.
        }
    }
}
