namespace Deployster.Api.Contracts;

/// <summary>The host names that the gateway routes by.</summary>
public sealed class HostList
{
    /// <summary>The host names, in their order.</summary>
    public required IReadOnlyList<HostResource> Hosts { get; init; }
}

/// <summary>A host name whose requests go to a service.</summary>
public sealed class HostResource
{
    /// <summary>The host name.</summary>
    /// <example>www.example.com</example>
    public required string Host { get; init; }

    /// <summary>The beginning of the paths that go there; null for all.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>The service.</summary>
    /// <example>railsapp</example>
    public required string Service { get; init; }

    /// <summary>The certificate that the gateway of this server shows for the host name; null where it has none.</summary>
    public CertificateResource? Certificate { get; init; }
}

/// <summary>A certificate of a host name.</summary>
public sealed class CertificateResource
{
    /// <summary>The host names that it is for.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset NotAfter { get; init; }
}
