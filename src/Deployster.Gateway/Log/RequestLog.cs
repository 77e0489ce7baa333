using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using Deployster.Application;
using Deployster.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway.Log;

/// <summary>
/// Writes a line of JSON for each request, if told to. What cannot be written is lost, and no request waits for it. On
/// SIGHUP the file is opened anew, for whoever rotates it.
/// </summary>
internal sealed partial class RequestLog : ResilientService
{
    private const string StandardOutput = "stdout";
    private const int MostWaiting = 100_000;

    private readonly GatewayOptions _options;
    private readonly ForwardedHeaders _forwarded;
    private readonly ILogger<RequestLog> _logger;
    private readonly PosixSignalRegistration _hangUp;
    private readonly Channel<RequestLine> _lines = Channel.CreateBounded<RequestLine>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private volatile bool _isOutdated;

    public RequestLog(GatewayOptions options, ForwardedHeaders forwarded, TimeProvider time, ILogger<RequestLog> logger)
        : base(time, logger)
    {
        (_options, _forwarded, _logger) = (options, forwarded, logger);

        // Without this, SIGHUP would end the process.
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _isOutdated = true;
        });
    }

    /// <summary>Whether requests are logged.</summary>
    public bool IsOn => _options.AccessLog is not null;

    /// <summary>Notes a request that has ended.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="record">What was noted on the way.</param>
    /// <param name="begun">When it came.</param>
    /// <param name="duration">How long it took.</param>
    public void Add(HttpContext context, RequestRecord record, DateTimeOffset begun, TimeSpan duration)
    {
        var request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        _lines.Writer.TryWrite(new RequestLine(
            begun,
            request.Host.Value ?? "",
            request.Method,
            query < 0 ? target : target[..query],
            context.Response.StatusCode,
            record.BytesIn,
            record.BytesOut,
            Math.Round(duration.TotalSeconds, 6),
            record.Unit?.ToString(),
            _forwarded.ClientOf(context),
            RequestId.Of(context, record),
            request.Headers.UserAgent.Count > 0 ? request.Headers.UserAgent.ToString() : null));
    }

    public override void Dispose()
    {
        _hangUp.Dispose();
        base.Dispose();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!IsOn)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await using var file = Open();
            LogOpened(_options.AccessLog!);
            _isOutdated = false;
            await WriteAsync(file, stoppingToken);
        }
    }

    private Stream Open() => _options.AccessLog == StandardOutput
        ? Console.OpenStandardOutput()
        : new FileStream(_options.AccessLog!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private async Task WriteAsync(Stream file, CancellationToken stoppingToken)
    {
        using var lines = new MemoryStream();
        while (!_isOutdated)
        {
            if (!await WaitAsync(stoppingToken))
            {
                continue;
            }

            // As many as there are, up to a size, with one write.
            lines.SetLength(0);
            while (lines.Length < 64 * 1024 && _lines.Reader.TryRead(out var line))
            {
                JsonSerializer.Serialize(lines, line, RequestLine.Json);
                lines.WriteByte((byte)'\n');
            }

            await file.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), CancellationToken.None);
            await file.FlushAsync(CancellationToken.None);
        }
    }

    // Looks now and then whether the file is to be opened anew.
    private async Task<bool> WaitAsync(CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(TimeSpan.FromMilliseconds(250));
        try
        {
            return await _lines.Reader.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Requests are logged to {File}.")]
    private partial void LogOpened(string file);
}
