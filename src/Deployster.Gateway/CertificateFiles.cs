using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway;

/// <summary>A certificate in PEM files, read again when they change. One that cannot be read leaves the one before in use.</summary>
internal sealed partial class CertificateFiles
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);

    private readonly string _cert;
    private readonly string _key;
    private readonly TimeProvider _time;
    private readonly ILogger<CertificateFiles> _logger;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _context;
    private (DateTime, DateTime) _written;
    private long? _lookedAt;

    /// <summary>Reads the files.</summary>
    /// <exception cref="CryptographicException">They hold no certificate with its key.</exception>
    /// <exception cref="ArgumentException">The key is of another certificate.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public CertificateFiles(string cert, string key, TimeProvider time, ILogger<CertificateFiles> logger)
    {
        (_cert, _key, _time, _logger) = (cert, key, time, logger);
        _written = LastWritten();
        _context = Read();
    }

    /// <summary>The certificate to show to a client that connects now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_lookedAt is not { } lookedAt || _time.GetElapsedTime(lookedAt) >= s_lookEvery)
                {
                    _lookedAt = _time.GetTimestamp();
                    ReadIfChanged();
                }

                return _context;
            }
        }
    }

    /// <summary>Whether an exception tells that files hold no certificate with its key, or cannot be read.</summary>
    public static bool IsUnusable(Exception exception) =>
        exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException;

    private void ReadIfChanged()
    {
        try
        {
            var written = LastWritten();
            if (written != _written)
            {
                _context = Read();
                _written = written;
                LogRead(_cert);
            }
        }
        catch (Exception e)
        {
            // It may be half written. It is looked at again.
            LogNotRead(_cert, e.Message);
        }
    }

    private (DateTime, DateTime) LastWritten() => (File.GetLastWriteTimeUtc(_cert), File.GetLastWriteTimeUtc(_key));

    private SslStreamCertificateContext Read()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_cert);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(_cert, _key), chain, offline: true);
    }

    [LoggerMessage(LogLevel.Information, "{File} has changed and is in use.")]
    private partial void LogRead(string file);

    [LoggerMessage(LogLevel.Warning, "{File} has changed and cannot be used yet: {Cause}")]
    private partial void LogNotRead(string file, string cause);
}
