namespace Deployster.Gateway.Http1;

/// <summary>How one knows where a body ends, RFC 9112, section 6.3.</summary>
internal enum BodyFraming
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>After as many bytes as the head says.</summary>
    Length,

    /// <summary>With the last chunk.</summary>
    Chunked,

    /// <summary>With the connection.</summary>
    Close,
}
