namespace Deployster.FleetStandIn;

/// <summary>Counts requests and decides which of them go wrong.</summary>
internal sealed class FaultInjector
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(1);
    private readonly Dictionary<RequestKind, int> _counts = [];
    private Faults _faults = Faults.None;

    public Faults Faults
    {
        get
        {
            lock (_lock)
            {
                return _faults;
            }
        }

        set
        {
            lock (_lock)
            {
                _faults = value;
            }
        }
    }

    public IReadOnlyDictionary<RequestKind, int> Counts
    {
        get
        {
            lock (_lock)
            {
                return _counts.ToDictionary();
            }
        }
    }

    /// <summary>Counts a request and says how long it is to take and, if so, how it goes wrong.</summary>
    public (TimeSpan Latency, FaultKind? Fault, bool AfterWork) Meet(RequestKind kind)
    {
        lock (_lock)
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            var isMeant = _faults.Only is null || _faults.Only == kind;
            return (isMeant ? _faults.Latency : TimeSpan.Zero, isMeant ? Choose() : null, _faults.AfterWork);
        }
    }

    private FaultKind? Choose()
    {
        if (_faults.Next > 0)
        {
            _faults = _faults with { Next = _faults.Next - 1 };
        }
        else if (_random.NextDouble() >= _faults.Rate)
        {
            return null;
        }

        return _faults.Kinds[_random.Next(_faults.Kinds.Count)];
    }
}
