using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>A disk that does not answer.</summary>
internal sealed class Stall : DbConnectionInterceptor
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it answers again; null while it does.</summary>
    public Task? End { get; set; }

    public Task Reached => _reached.Task;

    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (End is not null)
        {
            _reached.TrySetResult();
            await End;
        }

        return result;
    }
}
