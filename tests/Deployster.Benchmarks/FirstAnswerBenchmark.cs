using System.Diagnostics;
using System.Globalization;
using System.Net;
using Deployster.Testing;
using static Deployster.Benchmarks.Measure;

namespace Deployster.Benchmarks;

/// <summary>
/// From a <c>POST</c> of a deploy to the last unit's first answer through the gateway, beside <c>docker run</c> of as many
/// containers at once and asking them until they answer: in the engine's default network, where units are, and in one of their own.
/// </summary>
internal static class FirstAnswerBenchmark
{
    private const int Rounds = 10;

    // Seldom enough that the asking does not slow down what is asked for.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    public static async Task<int> RunAsync()
    {
        await using var engine = new TestEngine();
        var service = engine.NewService("bench");
        var image = await engine.BuildAsync(SampleImage.Good, service, "v1");
        var gateway = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", $"-gateway-listen={gateway}",
            "-drain-timeout=0");
        var network = await DockerAsync("network", "create", $"{service}-by-hand");
        foreach (var instances in (int[])[1, 10])
        {
            var (deploys, byHand, inNetwork, told) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = -2; round < Rounds; round++)
            {
                var run = await RunByHandAsync(image, instances);
                var runInNetwork = await RunByHandAsync(image, instances, "--network", network);
                var (answered, succeeded) = await DeployAsync(deployster, service, gateway, instances);
                if (round >= 0)
                {
                    byHand.Add(run);
                    inNetwork.Add(runInNetwork);
                    deploys.Add(answered);
                    told.Add(succeeded - answered);
                }
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{instances} container(s): a deploy answers after {Median(deploys):0} ms, docker run after {Median(byHand):0} ms (medians of {Rounds} rounds): ratio {Median(deploys) / Median(byHand):0.00}; in a network of their own after {Median(inNetwork):0} ms: ratio {Median(deploys) / Median(inNetwork):0.00}; succeeded is told {Median(told):0} ms after that"));
        }

        await DockerAsync("network", "rm", network);
        return 0;
    }

    private static async Task<(double Answered, double Succeeded)> DeployAsync(
        DeploysterProcess deployster, string service, IPEndPoint gateway, int instances)
    {
        var clock = Stopwatch.StartNew();
        using var post = new HttpRequestMessage(HttpMethod.Post, $"/v1/services/{service}/deploys?follow=true")
        {
            Content = new StringContent(
                $$"""{"deploy":{"version":"v1","instance_count":{{instances}} } }""", System.Text.Encoding.UTF8, "application/json"),
        };
        using var answer = await deployster.Api.Http.SendAsync(post, HttpCompletionOption.ResponseHeadersRead);
        var followed = FollowAsync(answer, clock);
        await WaitForAllAsync($"http://{gateway}/", $"{service}.localhost", instances);
        var answered = clock.Elapsed.TotalMilliseconds;
        var succeeded = await followed;
        await deployster.Api.DeleteAsync($"/v1/services/{service}/deploys/v1");
        return (answered, succeeded);
    }

    private static async Task<double> FollowAsync(HttpResponseMessage answer, Stopwatch clock)
    {
        await answer.Content.ReadAsStringAsync();
        return clock.Elapsed.TotalMilliseconds;
    }

    // Each unit says who it is.
    private static async Task WaitForAllAsync(string address, string host, int instances)
    {
        using var client = CreateClient();
        client.DefaultRequestHeaders.Host = host;
        var seen = new HashSet<string>();
        while (seen.Count < instances)
        {
            if (await AskAsync(client, address) is not { } words || !seen.Add(words))
            {
                await Task.Delay(s_pause);
            }
        }
    }

    private static async Task<double> RunByHandAsync(string image, int instances, params string[] options)
    {
        var ports = Enumerable.Range(0, instances).Select(_ => FreePort.Find()).ToList();
        var clock = Stopwatch.StartNew();
        var ids = await Task.WhenAll(ports.Select(async port =>
        {
            var id = await DockerAsync(["run", "-d", .. options, "-p", $"127.0.0.1:{port}:3000", image]);
            using var client = CreateClient();
            while (await AskAsync(client, $"http://127.0.0.1:{port}/") is null)
            {
                await Task.Delay(s_pause);
            }

            return id;
        }));
        var elapsed = clock.Elapsed.TotalMilliseconds;
        await DockerAsync(["rm", "-f", .. ids]);
        return elapsed;
    }

    private static HttpClient CreateClient() => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });

    private static async Task<string?> AskAsync(HttpClient client, string address)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(address));
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<string> DockerAsync(params string[] args)
    {
        using var docker = Process.Start(new ProcessStartInfo("docker", ["-H", TestEngine.Endpoint, .. args]) { RedirectStandardOutput = true })!;
        var output = await docker.StandardOutput.ReadToEndAsync();
        await docker.WaitForExitAsync();
        return docker.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"docker {args[0]} ended with {docker.ExitCode}");
    }
}
