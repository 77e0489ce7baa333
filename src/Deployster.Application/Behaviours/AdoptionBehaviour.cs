using Deployster.Application.Rollouts;
using MediatR;

namespace Deployster.Application.Behaviours;

/// <summary>Lets a request that comes just after the start wait until it is known which rollouts are under way.</summary>
internal sealed class AdoptionBehaviour<TRequest, TResponse>(RolloutAdoption adoption) : IPipelineBehavior<TRequest, TResponse>
{
    public async Task<TResponse> Handle(
        TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (!adoption.Attempted.IsCompleted)
        {
            // Where the fleet did not answer this wait, it is not asked and waited for once more.
            await adoption.Attempted.WaitAsync(cancellationToken);
        }

        return await next();
    }
}
