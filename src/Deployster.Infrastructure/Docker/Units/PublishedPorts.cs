using System.Net;
using System.Net.Sockets;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// Gives each unit a port of the machine for its life, in turn. So no restart of a unit, the engine or the machine makes
/// an address change hands, and whoever goes by what was true before reaches nobody else.
/// </summary>
internal sealed class PublishedPorts(DockerEngine engine, DockerOptions options) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private int? _next;

    /// <summary>A port that nobody has.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var containers = await engine.AskAsync(
                (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, token), cancellationToken);
            var taken = containers
                .SelectMany(container => (container.Ports ?? []).Select(port => (int)(port.PublicPort ?? 0)))
                .Concat(containers.Select(container => ContainerLabels.ReadPort(container.Labels) ?? 0))
                .ToHashSet();
            var range = options.PublishPorts;
            var newest = containers.OrderByDescending(container => container.Created)
                .Select(container => ContainerLabels.ReadPort(container.Labels))
                .FirstOrDefault(port => port is not null);
            var next = After(newest ?? range.Last);
            if (_next is { } afterLast)
            {
                next = afterLast;
            }

            for (var tried = 0; tried <= range.Last - range.First; tried++, next = After(next))
            {
                if (!taken.Contains(next) && IsFree(next))
                {
                    _next = After(next);
                    return next;
                }
            }
        }
        finally
        {
            _turn.Release();
        }

        throw new InvalidOperationException($"All ports of -publish-ports={options.PublishPorts} are taken.");
    }

    public void Dispose() => _turn.Dispose();

    private int After(int port) => port >= options.PublishPorts.Last || port < options.PublishPorts.First ? options.PublishPorts.First : port + 1;

    private bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(options.Publish.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(options.Publish, port));
            return true;
        }
        catch (SocketException e)
        {
            // Where the engine is on another machine, its address is none of this one's.
            return e.SocketErrorCode == SocketError.AddressNotAvailable;
        }
    }
}
