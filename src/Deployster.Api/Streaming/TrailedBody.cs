using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Deployster.Api.Streaming;

/// <summary>
/// A response's body with one trailer behind it. Kestrel has trailers for HTTP/2 and later alone: for HTTP/1.1 the body
/// is cut into chunks here.
/// </summary>
internal sealed class TrailedBody
{
    private readonly HttpResponse _response;
    private readonly string _trailer;
    private readonly PipeWriter _writer;
    private readonly bool _isChunkedHere;

    /// <summary>Begins the body; the headers must be complete.</summary>
    public TrailedBody(HttpResponse response, string trailer)
    {
        (_response, _trailer, _writer) = (response, trailer, response.BodyWriter);
        if (response.SupportsTrailers())
        {
            response.DeclareTrailer(trailer);
        }
        else if (HttpProtocol.IsHttp11(response.HttpContext.Request.Protocol))
        {
            _isChunkedHere = true;
            response.Headers.Trailer = trailer;
            response.Headers.TransferEncoding = "chunked";
        }

        // How fast it goes is up to whoever reads: a pager stands still for as long as one likes.
        response.HttpContext.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
    }

    /// <summary>How many bytes have not been sent yet.</summary>
    public int Unsent { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Unsent += bytes.Length;
        if (_isChunkedHere)
        {
            WriteAscii(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length:x}\r\n"));
        }

        _writer.Write(bytes);
        if (_isChunkedHere)
        {
            WriteAscii("\r\n");
        }
    }

    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        Unsent = 0;
        await _writer.FlushAsync(cancellationToken);
    }

    /// <summary>Ends the body with the trailer.</summary>
    public async Task EndAsync(string value, CancellationToken cancellationToken)
    {
        if (_isChunkedHere)
        {
            WriteAscii($"0\r\n{_trailer}: {value}\r\n\r\n");
        }
        else if (_response.SupportsTrailers())
        {
            _response.AppendTrailer(_trailer, value);
        }

        await SendAsync(cancellationToken);
    }

    private void WriteAscii(string text) => Encoding.ASCII.GetBytes(text, _writer);
}
