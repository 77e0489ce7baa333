using System.Globalization;
using Deployster.Testing;
using static Deployster.Benchmarks.Measure;

namespace Deployster.Benchmarks;

/// <summary>
/// How long the published build takes from its start to the first answer of <c>/readyz</c>, on an engine and with the
/// gateway on, beside an ASP.NET Core application that does nothing.
/// </summary>
internal static class StartBenchmark
{
    private const int Rounds = 10;

    public static async Task<int> RunAsync()
    {
        using var deployster = await PublishedApp.PublishAsync("src/Deployster.Api", "deployster");
        using var empty = await PublishedApp.PublishAsync("tests/Deployster.EmptyApp", "empty");
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            var (own, other) = (await MeasureDeploysterAsync(deployster), await MeasureAsync(empty, address => [$"--urls={address}"]));
            if (round >= 0)
            {
                ours.Add(own);
                theirs.Add(other);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"from the start to the first answer: Deployster {Median(ours):0} ms, an empty application {Median(theirs):0} ms (medians of {Rounds} starts): ratio {Median(ours) / Median(theirs):0.00}"));
        return 0;
    }

    private static async Task<double> MeasureDeploysterAsync(PublishedApp deployster)
    {
        var data = Directory.CreateTempSubdirectory("deployster-");
        try
        {
            return await MeasureAsync(deployster, address => PublishedApp.DeploysterOptions(address, "start", data));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(PublishedApp app, Func<Uri, string[]> args)
    {
        using var client = PublishedApp.CreateClient();
        var time = await app.StartAsync(client, args(client.Http.BaseAddress!));
        await app.StopAsync();
        return time;
    }
}
