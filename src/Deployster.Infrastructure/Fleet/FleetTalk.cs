using System.Net;
using Deployster.Application.Fleet;
using Refit;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Asks Fleet, and tells its trouble in Deployster's words.</summary>
internal sealed class FleetTalk(Uri address)
{
    private volatile string? _lastTrouble;

    /// <summary>Asks, and gives the answer if it has one of the statuses that are <paramref name="meant"/>; null after success.</summary>
    /// <exception cref="FleetUnavailableException">The fleet is in trouble.</exception>
    public async Task<ApiException?> AskAsync(Func<Task> ask, params HttpStatusCode[] meant)
    {
        try
        {
            await ask();
            return null;
        }
        catch (ApiException e) when (meant.Contains(e.StatusCode))
        {
            return e;
        }
        catch (Exception e) when (FleetTrouble.Is(e))
        {
            // Where the fleet was not asked, for it has been in trouble before, that trouble is the reason.
            var trouble = FleetTrouble.Describe(e) ?? _lastTrouble ?? e.Message;
            _lastTrouble = trouble;
            throw new FleetUnavailableException(address.OriginalString, trouble, e);
        }
    }
}
