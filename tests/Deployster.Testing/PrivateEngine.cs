using System.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Testing;

/// <summary>
/// A Docker Engine of a test's own, that can be stopped and started again. It takes root, or a sudo that asks nothing.
/// It has no networks and is alone in a network namespace (an engine without networks takes the bridges of others away),
/// or it has its own in a <see cref="PrivateNetwork"/>.
/// </summary>
public sealed class PrivateEngine : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    // Short: a socket's path has at most 108 characters.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dpl-");
    private readonly PrivateNetwork? _network;
    private Process? _process;

    private PrivateEngine(PrivateNetwork? network)
    {
        _network = network;
        Client = new DockerClientBuilder().WithEndpoint(new Uri(Endpoint)).Build();
    }

    /// <summary>Where it listens.</summary>
    public string Endpoint => $"unix://{_folder.FullName}/docker.sock";

    private string PidFile => $"{_folder}/docker.pid";

    private string LogFile => $"{_folder}/log";

    /// <summary>Talks to it.</summary>
    public DockerClient Client { get; }

    /// <summary>Starts an engine, with one image in it.</summary>
    public static Task<PrivateEngine> StartAsync(SampleImage image, string name) => StartAsync(null, (image, name));

    /// <summary>Starts an engine with images in it; it has a bridge in <paramref name="network"/>, else no network at all.</summary>
    public static async Task<PrivateEngine> StartAsync(PrivateNetwork? network, params (SampleImage Image, string Name)[] images)
    {
        var engine = new PrivateEngine(network);
        try
        {
            await engine.StartAgainAsync();
            foreach (var (image, name) in images)
            {
                await engine.BuildAsync(image, name);
            }

            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/>; waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        IReadOnlyList<string> prefix = _network is null ? ["unshare", "--net"] : _network.RootPrefix;
        IReadOnlyList<string> options = _network is null ? ["--bridge=none", "--iptables=false", "--ip6tables=false"] : [];

        // Into a file: what it starts must be able to write when it is killed.
        _process = Privileged.Start(
        [
            .. prefix, "sh", "-c", $"exec \"$@\" >>{LogFile} 2>&1", "sh",
            "dockerd", $"--host={Endpoint}", $"--data-root={_folder}/data", $"--exec-root={_folder}/exec",
            $"--pidfile={PidFile}", .. options,
        ]);
        await WaitFor.TrueAsync(AnswersAsync, "the private engine answers", s_limit);
    }

    /// <summary>Has it end as a restart of the machine's service does.</summary>
    public Task StopAsync() => EndAsync("-TERM");

    /// <summary>Kills it; its containers live on.</summary>
    public async Task KillAsync()
    {
        await EndAsync("-KILL");

        // It takes its containerd with it, which the next engine takes for alive while nobody has waited for its end.
        await Privileged.RunAsync("rm", "-f", $"{_folder}/exec/containerd/containerd.pid");
    }

    /// <summary>Ends it as a loss of power does: nothing of it lives on, and nothing of it is left but what it has written to the disk.</summary>
    public async Task CutPowerAsync()
    {
        await EndAsync("-KILL");
        await EndRestAsync();
        await Privileged.RunAsync("rm", "-rf", $"{_folder}/exec", PidFile, new Uri(Endpoint).LocalPath);
    }

    /// <summary>The names of all containers, running or not.</summary>
    public async Task<IReadOnlyList<string>> ContainersAsync() =>
    [
        .. (await Client.Containers.ListContainersAsync(new ContainersListParameters { All = true }))
            .SelectMany(container => container.Names),
    ];

    /// <summary>Removes what there is of containers, ends it and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (await AnswersAsync())
            {
                await RemoveContainersAsync();
            }

            await StopAsync();
        }

        Client.Dispose();

        await EndRestAsync();
        await Privileged.RunAsync("rm", "-rf", _folder.FullName);
    }

    // What an engine that was killed leaves: shims, what runs under them, and mounts.
    private Task<int> EndRestAsync() => Privileged.RunAsync(
        "sh",
        "-c",
        $$"""
        for shim in $(pgrep -f -- '[-]address {{_folder}}/exec/'); do pkill -KILL -P $shim; kill -KILL $shim; done
        awk '$2 ~ "^{{_folder}}/" { print $2 }' /proc/mounts | sort -r | xargs -r umount --lazy
        """);

    private async Task BuildAsync(SampleImage image, string name)
    {
        using var context = image.ToBuildContext("v1");
        await Client.Images.BuildImageFromDockerfileAsync(
            new ImageBuildParameters { Tags = [name], NetworkMode = "none" },
            context,
            [],
            new Dictionary<string, string>(),
            new Progress<JSONMessage>());
    }

    private async Task RemoveContainersAsync()
    {
        foreach (var container in await Client.Containers.ListContainersAsync(new ContainersListParameters { All = true }))
        {
            try
            {
                await Client.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true });
            }
            catch (DockerApiException)
            {
                // Gone, or just going.
            }
        }
    }

    private async Task EndAsync(string signal)
    {
        if (File.Exists(PidFile))
        {
            await Privileged.RunAsync("kill", signal, (await File.ReadAllTextAsync(PidFile)).Trim());
        }

        await _process!.WaitForExitAsync().WaitAsync(s_limit);
        _process.Dispose();
        _process = null;
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"The private engine ended with {_process.ExitCode}:\n{File.ReadAllText(LogFile)}");
        }

        try
        {
            await Client.System.PingAsync();
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or DockerApiException or TimeoutException)
        {
            return false;
        }
    }
}
