using System.Net;
using Deployster.Domain.Specs;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Networks;

/// <summary>Has containers join the networks that their spec names. An engine takes only one with the container itself.</summary>
internal sealed class FurtherNetworks(DockerEngine engine)
{
    /// <summary>Has a container that was made, and not started yet, join them.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="spec">The spec.</param>
    /// <param name="own">Deployster's own network, which it is in already.</param>
    /// <exception cref="DockerApiException">The engine refuses: there is no such network.</exception>
    public async Task JoinAsync(string containerId, DeploySpec spec, string own)
    {
        foreach (var name in (spec.Container?.Networks ?? []).Where(name => name != own))
        {
            // An engine lets a container that does not run join a network that does not exist, and then cannot start it.
            await engine.AskAsync((client, token) => client.Networks.InspectNetworkAsync(name, token), CancellationToken.None);
            try
            {
                await engine.DoAsync(
                    (client, token) => client.Networks.ConnectNetworkAsync(name, new NetworkConnectParameters { Container = containerId }, token),
                    DockerEngine.WorkLimit,
                    CancellationToken.None);
            }
            catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.Forbidden && EngineMessage.Of(e).Contains("already exists", StringComparison.Ordinal))
            {
                // It was joined before its maker was stopped.
            }
        }
    }
}
