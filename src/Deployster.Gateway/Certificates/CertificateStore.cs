using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Authentication;
using Deployster.Application;
using Deployster.Application.Routing;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway.Certificates;

/// <summary>
/// The certificates by host name, read again when their files change. A pair that cannot be read leaves the one before in use.
/// </summary>
internal sealed partial class CertificateStore : ResilientService, ICertificates
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(2);

    private readonly GatewayOptions _options;
    private readonly ILogger<CertificateStore> _logger;
    private readonly Dictionary<string, (string Stamp, NamedCertificate Certificate)> _read = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _told = [];
    private readonly Lock _looking = new();
    private volatile FrozenDictionary<string, NamedCertificate> _byName = FrozenDictionary<string, NamedCertificate>.Empty;

    public CertificateStore(GatewayOptions options, TimeProvider time, ILogger<CertificateStore> logger)
        : base(time, logger) => (_options, _logger) = (options, logger);

    /// <summary>Whether there is a certificate for a host name of its own, a wildcard's included.</summary>
    public bool Knows(string host) => Find(host) is not null;

    /// <inheritdoc />
    public HostCertificate? Of(string host) => Find(host) is { } found ? new HostCertificate(found.Names, found.NotAfter) : null;

    /// <summary>What a client that connects now is shown.</summary>
    /// <exception cref="AuthenticationException">There is no certificate for the name, and no default.</exception>
    public SslServerAuthenticationOptions Select(string? name) => new()
    {
        ServerCertificateContext = (Find(name ?? "") ?? _byName.GetValueOrDefault(CertificateFolder.Default))?.Context
            ?? throw new AuthenticationException($"There is no certificate for {(string.IsNullOrEmpty(name) ? "no host name" : name)}."),
    };

    /// <summary>Reads the certificates for the first time.</summary>
    /// <exception cref="GatewayStartException">The default pair that the options name cannot be used.</exception>
    public void ReadFirst()
    {
        if (_options is { Cert: { } cert, Key: { } key })
        {
            try
            {
                new CertificatePair(cert, key).Read();
            }
            catch (Exception e) when (CertificatePair.IsUnusable(e))
            {
                throw new GatewayStartException($"-gateway-cert and -gateway-key: {e.Message}", e);
            }
        }

        if (_options.Certs is { } folder && !Directory.Exists(folder))
        {
            LogNoFolder(folder);
        }

        Look();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(s_lookEvery, Time, stoppingToken);
            Look();
        }
    }

    private NamedCertificate? Find(string host)
    {
        var byName = _byName;
        var name = host.TrimEnd('.');
        if (byName.TryGetValue(name, out var exact))
        {
            return exact;
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? byName.GetValueOrDefault($"*{name[dot..]}") : null;
    }

    // The server reads them before it listens, which may be while the service reads them again.
    private void Look()
    {
        lock (_looking)
        {
            ReadAll();
        }
    }

    private void ReadAll()
    {
        var pairs = Pairs();
        foreach (var gone in _read.Keys.Where(name => !pairs.ContainsKey(name)).ToList())
        {
            _read.Remove(gone);
        }

        foreach (var (name, pair) in pairs)
        {
            Read(name, pair);
        }

        // A pair is for what its certificate says, and for the name of its file, which wins.
        var byName = new Dictionary<string, NamedCertificate>(StringComparer.OrdinalIgnoreCase);
        foreach (var (_, certificate) in _read.Values)
        {
            foreach (var host in certificate.Names)
            {
                byName.TryAdd(host, certificate);
            }
        }

        foreach (var (name, (_, certificate)) in _read)
        {
            byName[name] = certificate;
        }

        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private Dictionary<string, CertificatePair> Pairs()
    {
        var pairs = new Dictionary<string, CertificatePair>(StringComparer.OrdinalIgnoreCase);
        if (_options is { Cert: { } cert, Key: { } key })
        {
            pairs[CertificateFolder.Default] = new CertificatePair(cert, key);
        }

        if (_options.Certs is { } folder)
        {
            foreach (var (name, pair) in CertificateFolder.Find(folder))
            {
                pairs[name] = pair;
            }
        }

        return pairs;
    }

    private void Read(string name, CertificatePair pair)
    {
        try
        {
            var stamp = pair.ReadStamp();
            if (_read.TryGetValue(name, out var known) && known.Stamp == stamp)
            {
                return;
            }

            _read[name] = (stamp, pair.Read());
            _told.Remove(name);
            LogRead(pair.Cert);
        }
        catch (Exception e) when (CertificatePair.IsUnusable(e))
        {
            // It may be half written. It is looked at again.
            if (_told.Add(name))
            {
                LogNotRead(pair.Cert, e.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "-gateway-certs: {Folder} is not there yet.")]
    private partial void LogNoFolder(string folder);

    [LoggerMessage(LogLevel.Information, "{File} is in use.")]
    private partial void LogRead(string file);

    [LoggerMessage(LogLevel.Warning, "{File} cannot be used; what was in use before, if anything, stays: {Cause}")]
    private partial void LogNotRead(string file, string cause);
}
