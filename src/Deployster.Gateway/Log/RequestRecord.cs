using Deployster.Domain.Names;

namespace Deployster.Gateway.Log;

/// <summary>What is noted of a request on its way.</summary>
internal sealed class RequestRecord
{
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>The service; null where no service has the host.</summary>
    public ServiceName? Service { get; set; }

    /// <summary>The unit that answered; null where the gateway did so itself.</summary>
    public UnitName? Unit { get; set; }

    /// <summary>The name that the request goes by, here and at the unit.</summary>
    public string? Id { get; set; }

    /// <summary>How many bytes of the request's body went to the unit.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>How many bytes of the answer's body went to the client.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    public void AddIn(long bytes) => Interlocked.Add(ref _bytesIn, bytes);

    public void AddOut(long bytes) => Interlocked.Add(ref _bytesOut, bytes);
}
