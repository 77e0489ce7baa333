using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Docker.DotNet;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>Reads containers' logs entry by entry, with their times, so that reading can go on where it ended.</summary>
internal sealed class LogEntries(DockerEngine engine)
{
    private const int HeaderLength = 8;

    // The engine cuts lines at 16 KiB.
    private const int MaxLength = 1 << 20;

    /// <summary>Opens a log.</summary>
    /// <param name="container">The container's id.</param>
    /// <param name="tail">How many of the last entries; null for all.</param>
    /// <param name="since">The time of the first entry wanted; null for the first there is.</param>
    /// <param name="follow">Whether to wait for more, until the container stops.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotFoundException">There is no such container.</exception>
    /// <exception cref="FleetUnavailableException">The engine does not answer, or cannot read its log.</exception>
    public async Task<Stream> OpenAsync(
        string container, int? tail, string? since, bool follow, CancellationToken cancellationToken)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"containers/{container}/logs?stdout=1&stderr=1&timestamps=1&follow={(follow ? 1 : 0)}&tail={tail?.ToString(CultureInfo.InvariantCulture) ?? "all"}{(since is null ? "" : $"&since={ToUnixTime(since)}")}");
        try
        {
            // Without a limit: an engine may answer only when there is something to read.
            return await engine.OpenAsync(path, Timeout.InfiniteTimeSpan, cancellationToken);
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

    /// <summary>The next entry of an open log; null at its end.</summary>
    public async Task<LogEntry?> ReadAsync(Stream log, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        try
        {
            if (await log.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken) == 0)
            {
                return null;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
            if (length is < 0 or > MaxLength)
            {
                throw new FleetUnavailableException(engine.Address, "its log is no log");
            }

            var frame = new byte[length];
            await log.ReadExactlyAsync(frame, cancellationToken);
            var blank = Array.IndexOf(frame, (byte)' ');
            return new LogEntry(
                header[0] == (byte)OutputSource.Stderr ? OutputSource.Stderr : OutputSource.Stdout,
                Encoding.ASCII.GetString(frame, 0, Math.Max(blank, 0)),
                frame.AsMemory(blank + 1));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new FleetUnavailableException(engine.Address, e.Message, e);
        }
    }

    private static string ToUnixTime(string time)
    {
        // To the nanosecond, which .NET's times do not hold.
        var seconds = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        var fraction = time.IndexOf('.', StringComparison.Ordinal) is > 0 and var point
            ? new string([.. time[(point + 1)..].TakeWhile(char.IsAsciiDigit)])
            : "0";
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}.{fraction.PadRight(9, '0')}");
    }
}
