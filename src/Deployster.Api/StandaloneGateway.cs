using Deployster.Api.CommandLine;
using Deployster.Gateway;
using Deployster.Gateway.Standalone;

namespace Deployster.Api;

/// <summary>Runs a gateway alone.</summary>
internal static class StandaloneGateway
{
    /// <summary>Runs until it is told to stop.</summary>
    /// <exception cref="ServiceFailedException">A part of it failed.</exception>
    public static async Task RunAsync(GatewayOptions options, StandaloneOptions standalone)
    {
        try
        {
            Directory.CreateDirectory(standalone.Data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"-data: {e.Message}");
        }

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "deployster" });
        DeploysterServer.AddLog(builder.Logging);
        builder.Services.AddStandaloneGateway(options, standalone);
        var host = builder.Build();
        await HostProcess.RunAsync(host, () => host.StartAsync());
    }
}
