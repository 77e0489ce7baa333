using MediatR;
using Microsoft.Extensions.Hosting;

namespace Deployster.Application.Pruning;

/// <summary>Asks for images and containers to be removed that nobody needs any more.</summary>
/// <param name="IsDryRun">Whether only to tell what would go.</param>
public sealed record Prune(bool IsDryRun = false) : IRequest<PruneResult>;

internal sealed class PruneHandler(Pruner pruner, IHostApplicationLifetime lifetime) : IRequestHandler<Prune, PruneResult>
{
    public Task<PruneResult> Handle(Prune request, CancellationToken cancellationToken) => Detached.RunAsync(
        () => pruner.PruneAsync(null, request.IsDryRun, lifetime.ApplicationStopping), cancellationToken);
}
