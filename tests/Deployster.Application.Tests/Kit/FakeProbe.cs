using Deployster.Application.Health;
using Deployster.Domain.Names;

namespace Deployster.Application.Tests.Kit;

/// <summary>A probe that answers as a test says.</summary>
internal sealed class FakeProbe : IHealthProbe
{
    private int _count;

    /// <summary>Why a unit is not healthy; null where it is.</summary>
    public Func<UnitName, string?> Complaint { get; set; } = _ => null;

    /// <summary>What happens before each answer: it may wait, or throw.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>How often it answered.</summary>
    public int Count => Volatile.Read(ref _count);

    public async Task<string?> FindComplaintAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        await Before();
        var complaint = Complaint(target.Unit);
        Interlocked.Increment(ref _count);
        return complaint;
    }
}
