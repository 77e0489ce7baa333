using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>What a container writes, as the engine streams it.</summary>
internal sealed class ContainerLog(MultiplexedStream stream, DockerEngine engine) : IOutputReader
{
    /// <summary>Opens what the engine has logged of a container.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="container">The container's id or name.</param>
    /// <param name="tail">How many of the last lines; null for all.</param>
    /// <param name="follow">Whether to wait for more, until the container ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotFoundException">There is no such container.</exception>
    /// <exception cref="FleetUnavailableException">The engine does not answer, or cannot read its log.</exception>
    public static async Task<IOutputReader> OpenAsync(
        DockerEngine engine, string container, int? tail, bool follow, CancellationToken cancellationToken)
    {
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Follow = follow,
            Tail = tail?.ToString(CultureInfo.InvariantCulture) ?? "all",
        };
        try
        {
            // Without a limit: an engine may answer only when there is something to read.
            var log = await engine.CallAsync(
                (client, token) => client.Containers.GetContainerLogsAsync(container, parameters, token),
                Timeout.InfiniteTimeSpan,
                cancellationToken);
            return new ContainerLog(log, engine);
        }
        catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            throw new NotFoundException($"There is no container {container}.");
        }
        catch (DockerApiException e)
        {
            throw new FleetUnavailableException(engine.Address, EngineMessage.Of(e), e);
        }
    }

    public async ValueTask<(OutputSource Source, int Count)?> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!MemoryMarshal.TryGetArray<byte>(buffer, out var array))
        {
            throw new ArgumentException("The buffer must be of an array.", nameof(buffer));
        }

        try
        {
            var read = await stream.ReadOutputAsync(array.Array!, array.Offset, array.Count, cancellationToken);
            return read.EOF ? null
                : (read.Target == MultiplexedStream.TargetStream.StandardError ? OutputSource.Stderr : OutputSource.Stdout, read.Count);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new FleetUnavailableException(engine.Address, e.Message, e);
        }
    }

    public void Dispose() => stream.Dispose();
}
