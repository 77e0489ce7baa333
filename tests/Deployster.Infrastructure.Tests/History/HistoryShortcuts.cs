using Deployster.Application.History;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>For tests that care less about the deploy than about the file.</summary>
internal static class HistoryShortcuts
{
    public static Task SaveAsync(this IDeployHistory history, int number) =>
        history.SaveAsync(Records.Deploy(number), [Records.Event(1)], default);

    public static async Task<bool> IsKnownAsync(this IDeployHistory history, int number)
    {
        var deploy = Records.Deploy(number).DeployId;
        return await history.FindAsync(deploy.Service, deploy.Version, deploy.Timestamp, default) is not null;
    }
}
